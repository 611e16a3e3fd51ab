/** When faults strike and end: at a time, by a rate drawn from the seed, or on something that happens. */
import type { RandomStream } from '../../sim/random.ts';
import type { EventType } from '../../sim/simulation.ts';
import type { Nanos } from '../../sim/units.ts';
import type { NodeId } from '../node.ts';
import type { OccurrenceName } from '../occurrences.ts';
import type { FaultModel, Site, Strike } from './fault.ts';
import { faultModel, type FaultSpec } from './index.ts';
import { targetsOf } from './targets.ts';
import { type Awaited, isMoment } from './trigger-settings.ts';
import { awaitOnce } from './triggers.ts';

/** A strike as it is told of in the result. */
export interface StruckFault extends Strike {
  until: Nanos;
  readonly kind: string;
  readonly label: string;
  readonly target: string;
  readonly counts: string;
  readonly begin: Nanos;
  end: Nanos | undefined;
}

interface Planned {
  readonly id: string;
  readonly spec: FaultSpec;
  readonly model: FaultModel<FaultSpec>;
  readonly draws: string;
  readonly gaps: RandomStream | undefined;
  strikes: number;
  running: StruckFault | undefined;
  /** No longer waits for what would end it. */
  awaitNoEnd: (() => void) | undefined;
}

/** Where a fault begins, as an operand of an event: nowhere in particular, or at a node, counted from one. */
const nowhere = 0;
const operandOf = (where: NodeId | undefined): number => (where === undefined ? nowhere : where + 1);

export class FaultSchedule {
  readonly struck: StruckFault[] = [];
  /** What faults wait for that is no moment of a message. */
  readonly awaited: ReadonlySet<OccurrenceName>;
  private readonly planned: Planned[];
  private readonly begins: EventType;
  private readonly ends: EventType;
  private healed = false;
  private readonly site: Site;

  constructor(site: Site, specs: readonly FaultSpec[]) {
    const { sim } = site.world;
    this.site = site;
    this.begins = sim.declare('fault.begins');
    this.ends = sim.declare('fault.ends');
    const namesakes = new Map<string, number>();
    this.planned = specs.map((spec, index) => {
      const model = faultModel(spec);
      const name = `fault/${spec.kind}/${model.target(spec)}`;
      const draws = `${name}/${namesakes.get(name) ?? 0}`;
      namesakes.set(name, (namesakes.get(name) ?? 0) + 1);
      const gaps = spec.rate === undefined ? undefined : sim.stream(`${draws}/gap`);
      return { id: `F${index + 1}`, spec, model, draws, gaps, strikes: 0, running: undefined, awaitNoEnd: undefined };
    });
    const all = specs.flatMap((spec) => [spec.on, 'until' in spec ? spec.until : undefined]).flatMap((each) => (each === undefined || isMoment(each.what) ? [] : [each.what]));
    this.awaited = new Set(all);
    sim.handle(this.begins, (fault, where) => this.begin(this.planned[fault]!, where));
    sim.handle(this.ends, (fault, strike) => this.onEnds(this.planned[fault]!, strike));
  }

  start(): void {
    this.planned.forEach((planned, index) => {
      if (planned.spec.at !== undefined) this.site.world.sim.after(planned.spec.at, this.begins, index, nowhere);
      else if (planned.gaps !== undefined) this.drawNext(planned);
      else this.await(planned, index, planned.spec.on!);
    });
  }

  /** Everything that still lasts and is not to stay ends now, and nothing strikes any more. */
  heal(): void {
    this.healed = true;
    for (const planned of this.planned) if (!stays(planned)) this.finish(planned);
  }

  /** When at the latest a strike ends. */
  private lastEndOf(planned: Planned): Nanos {
    const { healAt, end } = this.site.world.phases;
    return stays(planned) ? end : healAt;
  }

  private begin(planned: Planned, where: number): void {
    if (this.healed) return;
    const { world } = this.site;
    const index = this.planned.indexOf(planned);
    const { spec, model, id, draws } = planned;
    if ('every' in spec && spec.every !== undefined) world.sim.after(spec.every, this.begins, index, where);
    if (planned.running !== undefined) return;
    const strike: StruckFault = {
      id, key: `${id}.${++planned.strikes}`, draws: `${draws}/${planned.strikes}`, until: Math.min(world.sim.now + ('for' in spec ? spec.for : Infinity), this.lastEndOf(planned)), changed: 0,
      kind: spec.kind, label: model.label(spec), target: model.target(spec), counts: model.counts, begin: world.sim.now, end: undefined,
      nodesOf: targetsOf(world, `${draws}/${planned.strikes}`, where === nowhere ? undefined : ((where - 1) as NodeId)),
    };
    planned.running = strike;
    this.struck.push(strike);
    world.sim.trace.reached(`fault.${spec.kind}`);
    if (model.lasts === undefined) this.planEnd(planned, strike);
    model.begin(this.site, spec, strike);
    if (model.lasts !== undefined) {
      strike.until = world.sim.now + model.lasts(this.site, spec, strike);
      this.planEnd(planned, strike);
    }
    world.occurrences.tell('fault-begins', { fault: id });
    if (!('until' in spec) || spec.until === undefined) return;
    const { delay } = spec.until;
    planned.awaitNoEnd = awaitOnce(world, spec.until, () => world.sim.after(delay, this.ends, index, planned.strikes));
  }

  private planEnd(planned: Planned, strike: StruckFault): void {
    const { sim } = this.site.world;
    if (strike.until < this.lastEndOf(planned)) sim.after(strike.until - sim.now, this.ends, this.planned.indexOf(planned), planned.strikes);
  }

  private onEnds(planned: Planned, strike: number): void {
    if (planned.strikes !== strike) return;
    this.finish(planned);
    if (planned.gaps !== undefined && !this.healed) this.drawNext(planned);
  }

  private finish(planned: Planned): void {
    const strike = planned.running;
    if (strike === undefined) return;
    planned.running = undefined;
    planned.awaitNoEnd?.();
    planned.awaitNoEnd = undefined;
    strike.end = this.site.world.sim.now;
    planned.model.end(this.site, planned.spec, strike);
    this.site.world.occurrences.tell('fault-ends', { fault: planned.id });
  }

  private drawNext(planned: Planned): void {
    const gap = Math.round((planned.gaps!.exponential() / planned.spec.rate!) * 1e9);
    this.site.world.sim.after(gap, this.begins, this.planned.indexOf(planned), nowhere);
  }

  /** Of what is no moment of a message, only the end of its event is a good time to strike: in its midst the books are half kept. */
  private await(planned: Planned, index: number, on: Awaited): void {
    const { world } = this.site;
    awaitOnce(world, on, (where) => {
      if (on.delay === 0 && isMoment(on.what)) this.begin(planned, operandOf(where));
      else world.sim.after(on.delay, this.begins, index, operandOf(where));
    });
  }
}

function stays({ spec }: Planned): boolean {
  return 'heal' in spec && spec.heal === false;
}
