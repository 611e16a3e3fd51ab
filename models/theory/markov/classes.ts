/** Which states lead to which, and which of them keep the chain for ever. */
import type { Table } from './chain.ts';

/**
 * The closed classes: sets of states that lead to one another and to nothing else, each in ascending order. A finite chain
 * has at least one and ends up in one of them; the states outside are transient.
 *
 * Strongly connected components by R. Tarjan, SIAM J. Comput. 1 (1972) 146.
 */
export function closedClasses(table: Table): number[][] {
  const closed: number[][] = [];
  const order = new Int32Array(table.length).fill(-1);
  const component = new Int32Array(table.length).fill(-1);
  const path: number[] = [];
  let visited = 0;

  function visit(state: number): number {
    order[state] = visited++;
    let lowest = order[state]!;
    const below = path.push(state) - 1;
    for (const to of successors(table, state)) {
      if (order[to] === -1) lowest = Math.min(lowest, visit(to));
      else if (component[to] === -1) lowest = Math.min(lowest, order[to]!);
    }
    if (lowest === order[state]) take(path.splice(below));
    return lowest;
  }

  function take(members: number[]): void {
    for (const member of members) component[member] = members[0]!;
    const isLeft = members.some((member) => successors(table, member).some((to) => component[to] !== members[0]));
    if (!isLeft) closed.push(members.sort((a, b) => a - b));
  }

  for (let state = 0; state < table.length; state++) if (order[state] === -1) visit(state);
  return closed.sort((a, b) => a[0]! - b[0]!);
}

/** Whether each state can be reached from some of the given ones; these included. */
export function reachableFrom(table: Table, from: Iterable<number>): boolean[] {
  return spread(table.length, from, (state) => successors(table, state));
}

/** Whether each state can reach some of the given ones; these included. */
export function leadingTo(table: Table, to: Iterable<number>): boolean[] {
  const sources: number[][] = table.map(() => []);
  table.forEach((_, from) => successors(table, from).forEach((state) => sources[state]!.push(from)));
  return spread(table.length, to, (state) => sources[state]!);
}

function spread(size: number, from: Iterable<number>, next: (state: number) => readonly number[]): boolean[] {
  const isFound = new Array<boolean>(size).fill(false);
  const open = [...from];
  while (open.length > 0) {
    const state = open.pop()!;
    if (isFound[state]) continue;
    isFound[state] = true;
    open.push(...next(state));
  }
  return isFound;
}

function successors(table: Table, state: number): number[] {
  const found: number[] = [];
  table[state]!.forEach((value, to) => {
    if (to !== state && value > 0) found.push(to);
  });
  return found;
}
