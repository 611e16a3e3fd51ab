/** Every sentence about channels that consumers share. */
import { didYouMean } from '../messages.ts';
import type { Finding } from '../problem.ts';

export const emptyChannel = (): Finding => ({ message: 'this changes nothing: each worker has a channel of its own', hint: 'say of, or prefetch, or leave it out' });
export const unknownGroup = (group: string, near: string | undefined): Finding => ({ message: `no group of consumers is called "${group}"`, hint: didYouMean(near) });
export const ownChannel = (): Finding => ({ message: 'the group has its own channels unless told otherwise', hint: 'leave of out' });
export const sharedFurther = (group: string, owner: string): Finding => ({ message: `the channels of ${group} are those of ${owner}`, hint: `name ${owner}` });
export const otherBroker = (group: string, broker: string): Finding => ({ message: `${group} consumes from ${broker}, and a channel is of one broker` });
export const otherCount = (group: string, count: number): Finding => ({ message: `${group}, whose channels it shares, has ${count} workers`, hint: `write count: ${count}` });
export const otherUser = (group: string, user: string): Finding => ({ message: `it shares the connections of ${group}, which logs in as ${user}`, hint: `write user: ${user}` });
export const saidByOwner = (setting: string, group: string): Finding => ({ message: `its processes and channels are those of ${group}`, hint: `say ${setting} at consumers.${group}` });
export const multipleOnShared = (): Finding => ({ message: 'an acknowledgement of several on a shared channel covers deliveries of the other group, too, which is not modelled', hint: 'leave multiple out, or give each group its own channels' });
export const globalDenied = (): Finding => ({ message: 'RabbitMQ 4.3 denies basic.qos with global (a deprecated feature), and closes the connection', hint: 'say prefetch for each group' });
export const globalRefused = (queue: string, type: string): Finding => ({ message: `${queue} is a ${type === 'stream' ? 'stream' : 'quorum queue'}, which refuses consumers of a channel with a prefetch of its own (540, NOT_IMPLEMENTED)`, hint: 'say prefetch for each group' });
export const noProcess = (group: string, owner: string): Finding => ({ message: `the workers of ${group} are in the processes of ${owner}`, hint: `name consumers.${owner}` });
