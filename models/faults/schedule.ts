/** When faults strike and end: at a time, by a rate drawn from the seed, or before or after an event. */
import type { RandomStream } from '../../sim/random.ts';
import type { EventType } from '../../sim/simulation.ts';
import type { Nanos } from '../../sim/units.ts';
import type { FaultModel, Site, Strike } from './fault.ts';
import { faultModel, type FaultSpec } from './index.ts';
import { targetsOf } from './targets.ts';

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
}

export class FaultSchedule {
  readonly struck: StruckFault[] = [];
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
      return { id: `F${index + 1}`, spec, model, draws, gaps, strikes: 0, running: undefined };
    });
    sim.handle(this.begins, (fault) => this.begin(this.planned[fault]!));
    sim.handle(this.ends, (fault, strike) => this.onEnds(this.planned[fault]!, strike));
  }

  start(): void {
    this.planned.forEach((planned, index) => {
      if (planned.spec.at !== undefined) this.site.world.sim.after(planned.spec.at, this.begins, index, 0);
      else if (planned.gaps !== undefined) this.drawNext(planned);
      else this.await(planned, index);
    });
  }

  /** Everything that still lasts ends now, and nothing strikes any more. */
  heal(): void {
    this.healed = true;
    for (const planned of this.planned) this.finish(planned);
  }

  private begin(planned: Planned): void {
    if (this.healed) return;
    const { world } = this.site;
    const { spec, model, id, draws } = planned;
    if ('every' in spec && spec.every !== undefined) world.sim.after(spec.every, this.begins, this.planned.indexOf(planned), 0);
    if (planned.running !== undefined) return;
    const strike: StruckFault = {
      id, key: `${id}.${++planned.strikes}`, draws: `${draws}/${planned.strikes}`, until: Math.min(world.sim.now + ('for' in spec ? spec.for : Infinity), world.phases.healAt), changed: 0,
      kind: spec.kind, label: model.label(spec), target: model.target(spec), counts: model.counts, begin: world.sim.now, end: undefined,
      nodesOf: targetsOf(world),
    };
    planned.running = strike;
    this.struck.push(strike);
    world.sim.trace.reached(`fault.${spec.kind}`);
    if (model.lasts === undefined) this.planEnd(planned, strike);
    model.begin(this.site, spec, strike);
    if (model.lasts === undefined) return;
    strike.until = world.sim.now + model.lasts(this.site, spec, strike);
    this.planEnd(planned, strike);
  }

  private planEnd(planned: Planned, strike: StruckFault): void {
    const { sim, phases } = this.site.world;
    if (strike.until < phases.healAt) sim.after(strike.until - sim.now, this.ends, this.planned.indexOf(planned), planned.strikes);
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
    strike.end = this.site.world.sim.now;
    planned.model.end(this.site, planned.spec, strike);
  }

  private drawNext(planned: Planned): void {
    const gap = Math.round((planned.gaps!.exponential() / planned.spec.rate!) * 1e9);
    this.site.world.sim.after(gap, this.begins, this.planned.indexOf(planned), 0);
  }

  /** Hangs a fault on a moment of a message: the nth that comes there, or one by its name. */
  private await(planned: Planned, index: number): void {
    const { world } = this.site;
    const on = planned.spec.on!;
    let seen = 0;
    let chosen: { readonly type: EventType; readonly a: number; readonly b: number } | undefined;
    const unwatch: (() => void)[] = [];
    const strike = (): void => {
      for (const off of unwatch) off();
      if (on.delay > 0) world.sim.after(on.delay, this.begins, index, 0);
      else this.begin(planned);
    };
    for (const { type, messageOf } of world.moments.of(on.moment)) {
      // Who the event is about is asked before it: afterwards the message may be gone.
      const before = (_type: EventType, a: number, b: number): void => {
        const isChosen = typeof on.message === 'number' ? ++seen === on.message : world.nameOf(messageOf(a, b)) === on.message;
        if (!isChosen) return;
        chosen = { type, a, b };
        if (on.side === 'before') strike();
      };
      // Another fault may postpone the chosen event, so that others come between its choice and its end.
      const after = (_type: EventType, a: number, b: number): void => {
        if (chosen?.type === type && chosen.a === a && chosen.b === b) strike();
      };
      unwatch.push(world.sim.watch(type, 'before', before));
      if (on.side === 'after') unwatch.push(world.sim.watch(type, 'after', after));
    }
  }
}
