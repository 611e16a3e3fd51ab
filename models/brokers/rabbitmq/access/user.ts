/** A user of a broker: what it may do and whether its credential is accepted, as faults change both. */
import type { Change, Restriction } from '../../../broker.ts';
import type { UserSpec } from './access-settings.ts';
import { Permissions } from './permissions.ts';

interface Restricted {
  readonly change: Change;
  readonly permissions: Permissions;
}

export class User {
  readonly name: string;
  readonly token: UserSpec['token'];
  /** Those of the settings. */
  readonly own: Permissions;
  private readonly spec: UserSpec;
  private readonly rotations = new Map<string, Change>();
  private readonly restrictions = new Map<string, Restricted>();

  constructor(name: string, spec: UserSpec) {
    this.name = name;
    this.spec = spec;
    this.token = spec.token;
    this.own = new Permissions(name, spec);
  }

  /** What makes its credential refused. */
  get rotation(): Change | undefined {
    return last(this.rotations);
  }

  /** What it may do now, and who changed that. */
  get permissions(): Permissions {
    return last(this.restrictions)?.permissions ?? this.own;
  }

  get restriction(): Change | undefined {
    return last(this.restrictions)?.change;
  }

  rotate(name: string, change: Change | undefined): void {
    if (change === undefined) this.rotations.delete(name);
    else this.rotations.set(name, change);
  }

  restrict(name: string, change: (Change & { readonly to: Restriction | undefined }) | undefined): void {
    if (change === undefined) {
      this.restrictions.delete(name);
      return;
    }
    const permissions = change.to && { ...(this.spec.permissions ?? { configure: '', write: '', read: '' }), ...change.to };
    this.restrictions.set(name, { change, permissions: new Permissions(this.name, { permissions, topic_permissions: this.spec.topic_permissions }) });
  }
}

/** Of several changes at a time the last one holds. */
function last<T>(changes: ReadonlyMap<string, T>): T | undefined {
  return [...changes.values()].at(-1);
}
