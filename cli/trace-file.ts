import type { Scenario } from '../scenarios/scenario.ts';
import { AtomicFile } from './files.ts';

export const traceSchema = 'faultline/trace@1';

/** What happened to each message, one JSON object a line; before each scenario's lines one that says whose they are. */
export class TraceFile {
  private readonly target: AtomicFile;

  constructor(file: string) {
    this.target = new AtomicFile(file);
  }

  begin({ name, seed }: Scenario): void {
    this.write({ schema: traceSchema, scenario: name, seed });
  }

  /** Bound, so that it can be handed to a run. */
  readonly write = (line: object): void => this.target.write(`${JSON.stringify(line)}\n`);

  finish(): void {
    this.target.finish();
  }

  discard(): void {
    this.target.discard();
  }
}
