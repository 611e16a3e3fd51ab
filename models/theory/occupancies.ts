/**
 * A station with phase-type service as levels: how many messages are there, and how many of the servers are in each phase of
 * service. Two phases and c servers make c + 1 states when all are busy; three make (c + 1)(c + 2)/2.
 */
import type { Phases } from './laws/law-form.ts';
import { addAt, diagonal, type Matrix, zeros } from './numerics/matrix.ts';
import type { Level } from './qbd.ts';

/** Servers by phase, for a number of busy servers. */
type Occupancy = readonly number[];

export interface OccupancyLevels {
  /** From the empty station to that in which all servers are busy but nobody waits; of the last one, `down` leads to the level below. */
  readonly untilFull: readonly Level[];
  /** All servers are busy: whoever leaves is replaced at once. */
  readonly full: Level;
}

export function occupancyLevels({ arrivalRate, phases, servers }: { arrivalRate: number; phases: Phases; servers: number }): OccupancyLevels {
  const rooms = Array.from({ length: servers + 1 }, (_, busy) => new Room(phases, busy));
  const top = rooms[servers]!;
  const up = diagonal(new Float64Array(top.size).fill(arrivalRate));
  const untilFull = rooms.map((room, busy) => ({
    up: busy === servers ? up : room.starts(rooms[busy + 1]!, arrivalRate),
    local: room.changes(),
    down: busy === 0 ? zeros(1, 1) : room.ends(rooms[busy - 1]!),
  }));
  return { untilFull, full: { up, local: top.changes(), down: top.replacements() } };
}

/** How many ways there are to spread busy servers over phases. */
export function occupancyCount(phases: number, servers: number): number {
  let count = 1;
  for (let k = 1; k < phases; k++) count = (count * (servers + k)) / k;
  return count;
}

class Room {
  readonly #phases: Phases;
  readonly #occupancies: readonly Occupancy[];
  readonly #indices: ReadonlyMap<string, number>;

  constructor(phases: Phases, busy: number) {
    this.#phases = phases;
    this.#occupancies = spread(busy, phases.initial.length);
    this.#indices = new Map(this.#occupancies.map((occupancy, index) => [occupancy.join(), index]));
  }

  get size(): number {
    return this.#occupancies.length;
  }

  starts(above: Room, rate: number): Matrix {
    return this.#moves(above, (add) => this.#phases.initial.forEach((share, phase) => add(rate * share, undefined, phase)));
  }

  ends(below: Room): Matrix {
    return this.#moves(below, (add, occupancy) => this.#phases.exits.forEach((rate, phase) => add(rate * occupancy[phase]!, phase, undefined)));
  }

  changes(): Matrix {
    return this.#moves(this, (add, occupancy) => this.#phases.generator.forEach((row, from) => row.forEach((rate, to) => {
      if (from !== to) add(rate * occupancy[from]!, from, to);
    })));
  }

  replacements(): Matrix {
    return this.#moves(this, (add, occupancy) => this.#phases.exits.forEach((rate, from) => this.#phases.initial.forEach((share, to) => add(rate * share * occupancy[from]!, from, to))));
  }

  /** Rates into another room, where one server ends a phase or one begins a phase, or both. */
  #moves(target: Room, each: (add: (rate: number, from: number | undefined, to: number | undefined) => void, occupancy: Occupancy) => void): Matrix {
    const moves = zeros(this.size, target.size);
    this.#occupancies.forEach((occupancy, index) => each((rate, from, to) => {
      if (rate === 0) return;
      const after = [...occupancy];
      if (from !== undefined) after[from]!--;
      if (to !== undefined) after[to]!++;
      addAt(moves, index, target.#indices.get(after.join())!, rate);
    }, occupancy));
    return moves;
  }
}

function spread(busy: number, phases: number): Occupancy[] {
  if (phases === 1) return [[busy]];
  return Array.from({ length: busy + 1 }, (_, first) => spread(busy - first, phases - 1).map((rest) => [first, ...rest])).flat();
}
