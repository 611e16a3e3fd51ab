/** Alarms that brokers raised while a system ran: which node was short of what, from when until when. */
import type { Nanos } from '../sim/units.ts';

export interface RaisedAlarm {
  readonly node: string;
  readonly resource: string;
  readonly begin: Nanos;
  /** Undefined while it lasts. */
  end: Nanos | undefined;
  /** Connections that were blocked while it lasted, each as often as it was. */
  blocked: number;
}

export class AlarmLog {
  readonly all: RaisedAlarm[] = [];

  raise(node: string, resource: string, at: Nanos): void {
    this.all.push({ node, resource, begin: at, end: undefined, blocked: 0 });
  }

  clear(node: string, resource: string, at: Nanos): void {
    this.all.findLast((alarm) => alarm.node === node && alarm.resource === resource)!.end = at;
  }

  connectionBlocked(): void {
    for (const alarm of this.all) if (alarm.end === undefined) alarm.blocked++;
  }
}
