/** Errors of ours. Nobody catches one to go on: a broken structure proves nothing. */
export class AssertionFailure extends Error {
  /** Where the simulation stood, when there was one: time, event count and the last events. */
  situation = '';
  constructor(message: string) {
    super(message);
    this.name = 'AssertionFailure';
  }
}

/** A stated limit was met: the run ends there, and proves nothing beyond. */
export class LimitReached extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LimitReached';
  }
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionFailure(message);
}
