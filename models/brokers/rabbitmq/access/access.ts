/**
 * Who may connect to a broker, and what its clients may do there. Read at 3.10.8, 3.13.7, 4.0.9, 4.2.9 and 4.3.5:
 *
 * - Login is judged at start-ok (rabbit_reader `auth_phase`): who is refused is told at once with ACCESS_REFUSED, 403, as clients
 *   announce `authentication_failure_close`. The virtual host is judged at connection.open: NOT_ALLOWED, 530.
 * - A password is asked for at login alone: connections that are open stay when it changes (rabbit_auth_backend_internal).
 * - A token that has expired is refused wherever a permission is asked for (rabbit_auth_backend_oauth2 `with_decoded_token`), which a
 *   channel does when it has forgotten what it knew (`channel.ts`). From 4.2.6 and 4.3.0 on the reader closes the connection at
 *   that moment, too (`maybe_start_credential_expiry_timer`: CONNECTION_FORCED, 320), and a new token has the channel forget
 *   what it knew and look again whether it may consume (`recheck_consumers`).
 * - A publish needs `write` on its exchange, and for a topic exchange the permission for its routing key; basic.consume needs `read`
 *   on the queue, asked once; a declaration `configure` (rabbit_channel). Dead letters and what bindings pass on ask for nothing.
 *
 * A refusal is an error of the channel, which ends it; here a channel is a connection, so its client has to connect again.
 */
import type { EventType } from '../../../../sim/simulation.ts';
import type { Nanos } from '../../../../sim/units.ts';
import type { Change, Restriction, UserKnobs } from '../../../broker.ts';
import type { CauseId } from '../../../causes.ts';
import type { AttemptId, ConnectionId } from '../../../message.ts';
import type { NodeId } from '../../../node.ts';
import { type DestinationId, overhead } from '../../../protocol.ts';
import type { World } from '../../../world.ts';
import type { Route } from '../destinations.ts';
import { defaultExchange } from '../routing/router.ts';
import type { RabbitmqSpec } from '../settings.ts';
import { loginAt, openingAt } from '../set-up.ts';
import type { VersionRules } from '../versions.ts';
import { Channel } from './channel.ts';
import type { Permission, Permissions } from './permissions.ts';
import { User } from './user.ts';

export interface AccessHost {
  readonly world: World;
  serverOf(connection: ConnectionId): NodeId;
  routeOf(destination: DestinationId): Route;
  /** Ends a connection with an error. */
  end(connection: ConnectionId, cause: CauseId): void;
}

const noPermission = 'it has no permission';
const expired = 'its token has expired';
const rotated = 'its credential is no longer accepted';

export class Access implements UserKnobs {
  private readonly users: ReadonlyMap<string, User>;
  /** Who connects inside of a node without a name (rabbit_direct, rabbit_auth_backend_dummy). */
  private readonly trusted = new User('', { permissions: { configure: '.*', write: '.*', read: '.*' }, topic_permissions: {} });
  /** By connection: when the token expires that its client logged in with, and its channel once it is open. */
  private readonly expiries: Nanos[] = [];
  private readonly channels: (Channel | undefined)[] = [];
  /** What channels remember permissions by: an exchange, or what is published to a topic exchange, as a number. */
  private readonly numbers = new Map<string, number>();
  private readonly asked: { readonly write: number; readonly topic: number | undefined }[] = [];
  private readonly tokenExpired: EventType<ConnectionId, number>;
  private readonly renewalDue: EventType<ConnectionId, number>;
  private readonly renewalArrived: EventType<ConnectionId, number>;
  /** A client declares what it publishes to or consumes from. */
  readonly declareArrived: EventType<ConnectionId, number>;
  private readonly host: AccessHost;
  private readonly name: string;
  private readonly tick: Nanos;
  private readonly closesExpired: boolean;

  constructor(host: AccessHost, name: string, { users, config }: RabbitmqSpec, { closesExpired }: VersionRules) {
    const { sim } = host.world;
    this.host = host;
    this.name = name;
    this.users = new Map(Object.entries(users).map(([user, spec]) => [user, new User(user, spec)]));
    this.tick = config.channel_tick_interval;
    this.closesExpired = closesExpired;
    this.tokenExpired = sim.declare(`${name}.tokenExpired`);
    this.renewalDue = sim.declare(`${name}.tokenRenewalDue`);
    this.renewalArrived = sim.declare(`${name}.tokenRenewalArrived`);
    this.declareArrived = sim.declare(`${name}.declareArrived`);
    sim.handle(this.tokenExpired, (connection, life) => this.onTokenExpired(connection, life));
    sim.handle(this.renewalDue, (connection, life) => this.onRenewalDue(connection, life));
    sim.handle(this.renewalArrived, (connection, life) => this.onRenewalArrived(connection, life));
    sim.handle(this.declareArrived, (connection, life) => this.onDeclareArrived(connection, life));
  }

  // ---- opening a connection

  /** @param roundsLeft of its handshake. @returns why it ends here, or undefined */
  admit(connection: ConnectionId, roundsLeft: number): CauseId | undefined {
    if (roundsLeft === loginAt) return this.login(connection, this.userOf(connection));
    if (roundsLeft === openingAt) return this.enter(this.userOf(connection));
    return undefined;
  }

  private login(connection: ConnectionId, user: User): CauseId | undefined {
    const { now } = this.host.world.sim;
    const { token, rotation } = user;
    const expiresAt = token === undefined ? Infinity : token.lifetime + (token.refresh === 'never' ? 0 : now);
    this.expiries[connection] = expiresAt;
    if (rotation === undefined && expiresAt > now) return undefined;
    this.host.world.sim.trace.reached('access.loginRefused');
    return rotation === undefined ? this.refuse(user, 'log in', expired) : this.refuse(user, 'log in', rotated, rotation);
  }

  private enter(user: User): CauseId | undefined {
    if (user.permissions.areThere) return undefined;
    this.host.world.sim.trace.reached('access.virtualHostRefused');
    return this.refuse(user, 'enter the virtual host', noPermission, user.own.areThere ? user.restriction : undefined);
  }

  opened(connection: ConnectionId): void {
    const { sim, network, nodes } = this.host.world;
    const user = this.userOf(connection);
    const channel = new Channel(user, network.session(connection), sim.now, this.expiries[connection]!, this.tick);
    this.channels[connection] = channel;
    this.arm(connection, channel);
    if (typeof user.token?.refresh === 'number') sim.after(user.token.refresh, this.renewalDue, connection, channel.life, nodes.owner(network.nodeAt(connection, 'client')));
  }

  // ---- what clients do

  /** Why a publish may not be, or undefined; its channel has to end then. */
  refusesPublish(attempt: AttemptId, destination: DestinationId): CauseId | undefined {
    const { attempts, sim } = this.host.world;
    const channel = this.channels[attempts.connection[attempt]!]!;
    channel.wake(sim.now);
    const { write, topic } = (this.asked[destination] ??= this.number(this.host.routeOf(destination)));
    if (channel.knows(write) && (topic === undefined || channel.knows(topic))) return undefined;
    const { exchange, routingKey } = this.host.routeOf(destination);
    const what = `publish to ${nameOf(exchange)}`;
    if (!channel.knows(write)) {
      const refusal = this.ask(channel, (permissions) => permissions.has('write', exchange), what);
      if (refusal !== undefined) return refusal;
      channel.note(write);
    }
    if (topic === undefined || channel.knows(topic)) return undefined;
    const refusal = this.ask(channel, (permissions) => permissions.hasTopic(exchange, routingKey), `${what} with the routing key ${routingKey}`);
    if (refusal === undefined) channel.note(topic);
    return refusal;
  }

  private number({ exchange, exchangeType, routingKey }: Route): { write: number; topic: number | undefined } {
    const of = (key: string): number => {
      const known = this.numbers.get(key) ?? this.numbers.size;
      this.numbers.set(key, known);
      return known;
    };
    return { write: of(exchange), topic: exchangeType === 'topic' ? of(`${exchange}/${routingKey}`) : undefined };
  }

  refusesConsume(connection: ConnectionId, queue: string): CauseId | undefined {
    const channel = this.channels[connection]!;
    channel.wake(this.host.world.sim.now);
    const refusal = this.asks(channel, 'read', queue, `consume from ${queue}`);
    if (refusal === undefined) channel.reads.add(queue);
    return refusal;
  }

  /** Deliveries and acknowledgements keep a channel awake. */
  used(connection: ConnectionId): void {
    this.channels[connection]?.wake(this.host.world.sim.now);
  }

  private onDeclareArrived(connection: ConnectionId, life: number): void {
    const { network, sim } = this.host.world;
    if (!network.isOpenAtServer(connection, life) || network.unread.holds(connection, this.declareArrived, connection, life)) return;
    const channel = this.channels[connection]!;
    channel.wake(sim.now);
    const name = network.loginOf(connection).declares!;
    const refusal = this.asks(channel, 'configure', name, `declare ${nameOf(name)}`);
    if (refusal !== undefined) this.host.end(connection, refusal);
  }

  private asks(channel: Channel, permission: Permission, name: string, what: string): CauseId | undefined {
    return this.ask(channel, (permissions) => permissions.has(permission, name), what);
  }

  private ask({ user, granted, expiresAt }: Channel, allow: (permissions: Permissions) => boolean, what: string): CauseId | undefined {
    const { sim } = this.host.world;
    const isExpired = expiresAt <= sim.now;
    if (!isExpired && allow(granted ?? user.permissions)) return undefined;
    sim.trace.reached(`access.${what.slice(0, what.indexOf(' '))}Refused`);
    return isExpired ? this.refuse(user, what, expired) : this.refuse(user, what, noPermission, allow(user.own) ? user.restriction : undefined);
  }

  // ---- tokens

  private arm(connection: ConnectionId, channel: Channel): void {
    const { sim, nodes } = this.host.world;
    if (!this.closesExpired || channel.user.token === undefined) return;
    sim.cancel(channel.expiry);
    channel.expiry = sim.after(Math.max(0, channel.expiresAt - sim.now), this.tokenExpired, connection, channel.life, nodes.owner(this.host.serverOf(connection)));
  }

  private onTokenExpired(connection: ConnectionId, life: number): void {
    const { network, sim } = this.host.world;
    if (!network.isOpenAtServer(connection, life)) return;
    sim.trace.reached('access.tokenExpired');
    this.host.end(connection, this.refuse(this.channels[connection]!.user, 'stay connected', expired));
  }

  /** The client has a new token, and says so by connection.update_secret. */
  private onRenewalDue(connection: ConnectionId, life: number): void {
    const { network, sim, nodes } = this.host.world;
    if (!network.isOpenAtClient(connection, life)) return;
    network.sendToServer(connection, overhead.subscribe, this.renewalArrived, connection, life);
    sim.after(this.userOf(connection).token!.refresh as Nanos, this.renewalDue, connection, life, nodes.owner(network.nodeAt(connection, 'client')));
  }

  private onRenewalArrived(connection: ConnectionId, life: number): void {
    const { network, sim } = this.host.world;
    if (!network.isOpenAtServer(connection, life) || network.unread.holds(connection, this.renewalArrived, connection, life)) return;
    const channel = this.channels[connection]!;
    const refusal = this.renew(channel);
    if (refusal !== undefined) this.host.end(connection, refusal);
    else this.arm(connection, channel);
    sim.trace.reached(refusal === undefined ? 'access.tokenRenewed' : 'access.renewalRefused');
  }

  private renew(channel: Channel): CauseId | undefined {
    const { user } = channel;
    if (user.rotation !== undefined) return this.refuse(user, 'renew its token', rotated, user.rotation);
    channel.expiresAt = this.host.world.sim.now + user.token!.lifetime;
    channel.granted = user.permissions;
    if (!this.closesExpired) return undefined;
    channel.forget();
    const entry = this.enter(user);
    if (entry !== undefined) return entry;
    for (const queue of channel.reads) {
      const refusal = this.asks(channel, 'read', queue, `go on consuming from ${queue}`);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  /** A connection that was not read is read again. */
  read(type: EventType, connection: ConnectionId, life: number): void {
    if (type === (this.declareArrived as number)) this.onDeclareArrived(connection, life);
    else this.onRenewalArrived(connection, life);
  }

  // ---- knobs

  rotateCredential(user: string, name: string, change: Change | undefined): void {
    this.users.get(user)!.rotate(name, change);
  }

  restrict(user: string, name: string, change: (Change & { readonly to: Restriction | undefined }) | undefined): void {
    this.users.get(user)!.restrict(name, change);
  }

  private refuse(user: User, what: string, why: string, change?: Change): CauseId {
    const { refusals, causes, sim } = this.host.world;
    const by = change?.by ?? '';
    refusals.note({ broker: this.name, user: user.name, what, why, by }, sim.now);
    change?.onRefused();
    return causes.of('access-refused', `${by === '' ? '' : `${by}: `}${user.name} could not ${what}: ${why}`);
  }

  private userOf(connection: ConnectionId): User {
    const { user } = this.host.world.network.loginOf(connection);
    return user === undefined ? this.trusted : this.users.get(user)!;
  }
}

function nameOf(exchange: string): string {
  return exchange === defaultExchange ? 'the default exchange' : exchange;
}
