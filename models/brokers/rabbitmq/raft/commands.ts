/** Commands to a replicated state machine: held by the client that still waits for them, and by each log that has them. */
import { longer, SlotStore } from '../../../../sim/slot-store.ts';
import type { Id } from '../../../../sim/units.ts';
import type { NodeId } from '../../../node.ts';

export type CommandId = Id<'command'>;

export class Commands extends SlotStore<CommandId> {
  kind = new Uint8Array(64);
  a = new Int32Array(64);
  b = new Int32Array(64);
  /** Term of the leader that appended it. */
  term = new Int32Array(64);
  /** Node of the client that asked for it. */
  origin = new Int32Array(64);
  /** 1 once it was applied: the same command may stand in a log twice, when its client sent it again. */
  applied = new Uint8Array(64);
  private readonly onLost: (command: CommandId) => void;

  /** @param onLost told of a command that nobody has any more and that was never applied */
  constructor(onLost: (command: CommandId) => void) {
    super('command');
    this.onLost = onLost;
  }

  create(kind: number, a: number, b: number, origin: NodeId): CommandId {
    const command = this.take();
    this.kind[command] = kind;
    this.a[command] = a;
    this.b[command] = b;
    this.term[command] = 0;
    this.origin[command] = origin;
    this.applied[command] = 0;
    return command;
  }

  protected override freed(command: CommandId): void {
    if (this.applied[command] === 0) this.onLost(command);
  }

  protected override grow(length: number): void {
    this.kind = longer(this.kind, length);
    this.a = longer(this.a, length);
    this.b = longer(this.b, length);
    this.term = longer(this.term, length);
    this.origin = longer(this.origin, length);
    this.applied = longer(this.applied, length);
  }
}
