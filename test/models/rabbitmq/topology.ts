/** Brokers of tests, written as a scenario would. */
import { type RabbitmqSpec, rabbitmqSchema } from '../../../models/brokers/rabbitmq/settings.ts';
import type { Version } from '../../../models/brokers/rabbitmq/versions.ts';

type Written = Omit<Partial<(typeof rabbitmqSchema)['_zod']['input']>, 'kind' | 'version'>;

export function broker(settings: Written = {}, version: Version = '3.13'): RabbitmqSpec {
  return rabbitmqSchema.parse({ kind: 'rabbitmq', version, queues: {}, ...settings });
}

/** `source -key-> destination`, to an exchange with `=>` at its end. */
export function bindings(...lines: readonly string[]): NonNullable<Written['bindings']> {
  return lines.map((line) => {
    const [, source, key, arrow, destination] = /^(\S+) -(.*)(->|=>) (\S+)$/.exec(line)!;
    return { source: source!, routing_key: key!, destination: destination!, destination_type: arrow === '=>' ? 'exchange' : 'queue' };
  });
}
