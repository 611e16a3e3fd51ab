/** How a broker is described and built. */
import type { z } from 'zod';
import type { LifecycleSpec } from '../lifecycle-settings.ts';
import type { Broker } from '../broker.ts';
import type { BrokerView } from './broker-view.ts';
import type { World } from '../world.ts';

export interface BrokerModel<Spec> {
  readonly schema: z.ZodType<Spec>;
  /** What it stands for, for `list brokers`. */
  readonly about: string;
  view(spec: Spec): BrokerView;
  build(world: World, name: string, spec: Spec): Broker;
  /** What of it is a client of brokers, its own or others, once all of them and their consumers are there. */
  buildClients?(world: World, name: string, spec: Spec): void;
}

/** What every broker's settings have. */
export interface AnyBrokerSpec {
  readonly kind: string;
  readonly lifecycle?: LifecycleSpec | undefined;
}
