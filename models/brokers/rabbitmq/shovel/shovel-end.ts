/** One of the two connections of a shovel: to a node of that broker that takes it, tried in an order that chance draws (`make_conn_and_chan`). */
import type { RandomStream } from '../../../../sim/random.ts';
import type { CauseId } from '../../../causes.ts';
import type { Login } from '../../../connection.ts';
import { type ConnectionId, none } from '../../../message.ts';
import type { NodeId } from '../../../node.ts';
import type { BrokerPort } from '../../../protocol.ts';
import type { World } from '../../../world.ts';

export class ShovelEnd {
  readonly port: BrokerPort;
  /** Which it has, or waits for, and in which life. */
  connection = none as ConnectionId;
  life = 0;
  private untried: NodeId[] = [];
  private readonly world: World;
  private readonly node: NodeId;
  private readonly login: Login;
  private readonly draws: RandomStream;

  constructor(world: World, node: NodeId, port: BrokerPort, user: string | undefined, draws: RandomStream) {
    this.world = world;
    this.node = node;
    this.port = port;
    this.login = { user, declares: undefined };
    this.draws = draws;
  }

  connect(): void {
    this.untried = [...this.port.entries];
    this.tryNext();
  }

  /** False when every node was tried. */
  tryNext(): boolean {
    if (this.untried.length === 0) return false;
    const [server] = this.untried.splice(this.draws.below(this.untried.length), 1);
    this.connection = this.world.network.connect(this.node, server!, this.login);
    this.life = this.world.network.session(this.connection);
    return true;
  }

  close(cause: CauseId): void {
    if (this.connection !== none) this.world.network.closeAtClient(this.connection, this.life, cause);
    this.forget();
  }

  forget(): void {
    this.connection = none as ConnectionId;
  }
}
