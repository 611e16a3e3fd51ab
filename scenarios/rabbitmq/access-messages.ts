/** Every sentence about users of RabbitMQ and what they may do. */
import { didYouMean, oneOf } from '../messages.ts';
import type { Finding } from '../problem.ts';

export const badPermission = (message: string): Finding => ({ message, wanted: 'a regular expression without back references, lookbehind and flags' });
export const virtualHostInPattern = (): Finding => ({ message: '{vhost} is not modelled: a broker here is one virtual host without a name', hint: 'write what stands for it' });
export const unknownTopicExchange = (exchange: string, near: string | undefined): Finding => ({ message: `no exchange is called "${exchange}"`, hint: didYouMean(near) ?? 'declare it under exchanges of its broker' });
export const notTopic = (exchange: string, type: string): Finding => ({ message: `this changes nothing: ${exchange} is a ${type} exchange`, hint: 'topic permissions are asked for at topic exchanges alone' });
export const refreshTooLate = (refresh: string, lifetime: string): Finding => ({ message: `the token is renewed each ${refresh} and expires after ${lifetime}`, hint: 'renew it well before: a token that has expired is refused' });
export const emptyPermissions = (): Finding => ({ message: 'permissions that allow nothing let the user in, and nothing else', hint: "'.*' allows everything; leave permissions out for a user without access to the virtual host" });

export const unknownUser = (user: string, broker: string, near: string | undefined, known: readonly string[]): Finding => known.length === 0
  ? { message: `${broker} lists no users, so that everybody may do everything`, found: user, hint: `list it under brokers.${broker}.users, or leave it out` }
  : { message: `no user of ${broker} is called "${user}"`, wanted: oneOf(known), hint: didYouMean(near) ?? `say as whom the client logs in, or list it under brokers.${broker}.users` };
export const noUsers = (broker: string): Finding => ({ message: `users of ${broker} are not modelled`, hint: 'only brokers of kind rabbitmq know users' });
export const declaresUnasked = (broker: string): Finding => ({ message: 'this changes nothing: everybody may declare everything', hint: `list users of ${broker}, or leave it out` });

const cannot = (user: string, what: string): string => `${user} can never ${what}`;
export const neverEnters = (user: string): Finding => ({ message: cannot(user, 'enter the virtual host: it has no permissions'), hint: 'RabbitMQ refuses each connection (NOT_ALLOWED, 530); give the user permissions' });
export const neverPublishes = (user: string, exchange: string, pattern: string): Finding => ({
  message: `${cannot(user, `publish to ${exchange === '' ? 'the default exchange' : exchange}`)}: write is '${pattern}'`,
  hint: exchange === '' ? 'a queue that is published to by its own name needs write on amq.default' : 'RabbitMQ closes the channel at the first publish (ACCESS_REFUSED, 403)',
});
export const neverPublishesKey = (user: string, exchange: string, key: string): Finding => ({ message: cannot(user, `publish to ${exchange} with the routing key "${key}"`), hint: 'its topic_permissions for that exchange do not match' });
export const neverConsumes = (user: string, queue: string, pattern: string): Finding => ({ message: `${cannot(user, `consume from ${queue}`)}: read is '${pattern}'`, hint: 'RabbitMQ closes the channel at each basic.consume (ACCESS_REFUSED, 403)' });
export const neverDeclares = (user: string, name: string, pattern: string): Finding => ({ message: `${cannot(user, `declare ${name}`)}: configure is '${pattern}'`, hint: 'RabbitMQ closes the channel (ACCESS_REFUSED, 403) each time that the client connects' });
