/** Every sentence about what faults wait for. */
import type { Finding } from './problem.ts';

export const momentNeedsMessage = (moment: string): Finding => ({
  message: `"${moment}" is a moment of messages, and no message is named`, wanted: 'message: 17, the 17th that comes there, or message: web.0-17',
});
export const doesNotFit = (key: string, what: string, wanted: string): Finding => ({ message: `${key} says nothing about "${what}"`, wanted });
export const noSuchFault = (fault: string, count: number): Finding => ({
  message: `there is no fault ${fault}`, wanted: count === 1 ? 'F1, the only one' : `F1 to F${count}, in the order of the file`,
});
export const knowsItsEnd = (kind: string): Finding => ({ message: `a ${kind} acts on when it will end, so that nothing can end it sooner`, hint: 'give it for, and leave until out' });
export const drawnNode = (node: string): Finding => ({ message: `${node} is drawn when a fault strikes, and this one waits for it`, wanted: 'a node, a group, or leader(…), followers(…), members(…) of a queue' });
export const diskIsNoNode = (node: string): Finding => ({ message: `${node} is a disk`, wanted: 'the node that has it' });
