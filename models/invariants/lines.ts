/** Something kept for each line of messages that must stay in order. */

/**
 * A line is a queue, whoever reads it for itself or whence its messages came there (−1 for neither), and a producer or a key. By numbers,
 * not by a name made of them: judges of order look one up at every message.
 */
export class Lines<Value> {
  private readonly byQueue: (Map<number, Value> | undefined)[][] = [];

  get(queue: number, second: number, third: number): Value | undefined {
    return this.byQueue[queue]?.[second + 1]?.get(third);
  }

  set(queue: number, second: number, third: number, value: Value): void {
    const bySecond = (this.byQueue[queue] ??= []);
    (bySecond[second + 1] ??= new Map()).set(third, value);
  }
}
