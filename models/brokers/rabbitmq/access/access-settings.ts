/** Users of RabbitMQ: the settings, as `rabbitmqctl` and definitions name them. */
import { z } from 'zod';
import { positiveDuration, userName } from '../../../settings.ts';

const pattern = () => z.string().max(1000);

const permissionsSchema = z.strictObject({
  configure: pattern().default('').describe('Names of queues and exchanges that the user may declare.'),
  write: pattern().default('').describe('Names of exchanges that the user may publish to; the default exchange is amq.default.'),
  read: pattern().default('').describe('Names of queues that the user may consume from.'),
});
export type PermissionsSpec = z.output<typeof permissionsSchema>;

const tokenSchema = z.strictObject({
  lifetime: positiveDuration().describe('From when the client got it until it expires (exp).'),
  refresh: z.union([z.enum(['never', 'on-connect']), positiveDuration()]).default('never')
    .describe('never: one token from the beginning of the run for all that happens; on-connect: a new one for each login; a duration: besides, a new one that often on an open connection (connection.update_secret).'),
});

export const userSchema = z.strictObject({
  permissions: permissionsSchema.optional()
    .describe('As for rabbitmqctl set_permissions: regular expressions, found anywhere in a name unless anchored; empty matches nothing. Without permissions the user cannot enter the virtual host.'),
  topic_permissions: z.record(z.string().max(255), z.strictObject({ write: pattern() })).default({})
    .describe('By topic exchange: routing keys that the user may publish with there, besides write; {username} stands for its name. Without an entry, all.'),
  token: tokenSchema.optional().describe('An OAuth 2 token (JWT) instead of a password; its scopes are what is said under permissions.'),
});
export type UserSpec = z.output<typeof userSchema>;

export const usersSchema = z.record(userName(), userSchema).default({});
