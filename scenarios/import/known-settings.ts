/** Which settings of a file the broker's own schema knows: the schema decides, so this cannot fall behind it. */
import type { z } from 'zod';
import { rabbitmqSchema, rabbitQueueSchema } from '../../models/brokers/rabbitmq/settings.ts';
import { wantedBy } from '../messages.ts';
import { shown } from './definitions.ts';
import type { Notes } from './notes.ts';
import { type ImportProblem, pathOf, quoted } from './problems.ts';

type Shape = Readonly<Record<string, z.ZodType>>;
type Values = Readonly<Record<string, unknown>>;

const { exchanges, policies, queues } = rabbitmqSchema.shape;
export const queueArguments: Shape = rabbitQueueSchema.shape.arguments.unwrap().shape;
export const exchangeArguments: Shape = exchanges.unwrap().valueType.shape.arguments.unwrap().shape;
export const policySettings: Shape = policies.unwrap().element.shape.definition.shape;
export const isQueueName = (name: string): boolean => queues.keyType.safeParse(name).success;
export const isExchangeName = (name: string): boolean => exchanges.unwrap().keyType.safeParse(name).success;

/**
 * The values that `shape` knows. Others are noted as left out, and so are numbers that RabbitMQ takes and a scenario does not;
 * what is of the wrong type is a problem of the file.
 */
export function knownSettings(values: Values, shape: Shape, owner: string, path: readonly PropertyKey[], notes: Notes, problems: ImportProblem[]): Record<string, unknown> {
  const known: Record<string, unknown> = {};
  for (const [key, written] of Object.entries(values)) {
    const schema = Object.hasOwn(shape, key) ? shape[key] : undefined;
    const value = key.endsWith('delivery-limit') && typeof written === 'number' && written < -1 ? -1 : written;
    const issue = schema?.safeParse(value).error?.issues[0];
    if (schema === undefined) notes.leaveOut(/^[\w.-]{1,60}$/.test(key) ? key : quoted(key), owner);
    else if (issue === undefined) known[key] = value;
    else if (issue.code === 'too_small' || issue.code === 'too_big') notes.leaveOut(`${key} ${shown(value)} (${wantedBy(issue)} is wanted)`, owner);
    else problems.push({ path: pathOf([...path, key]), message: 'this is not what is wanted here', found: shown(value), wanted: wantedBy(issue) ?? issue.message });
  }
  return known;
}
