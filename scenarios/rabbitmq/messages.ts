/** Every sentence about a topology of RabbitMQ. */
import { didYouMean, oneOf } from '../messages.ts';
import type { Finding } from '../problem.ts';

// Exchanges and bindings.

export const sharedName = (name: string): Finding => ({
  message: `a queue is called "${name}" too`, hint: `RabbitMQ allows that, but here broker/${name} would mean both; give one of them another name`,
});
export const unknownExchange = (exchange: string, near: string | undefined, known: readonly string[]): Finding => ({
  message: `no exchange is called "${exchange}"`, wanted: oneOf(known), hint: didYouMean(near) ?? 'declare it under exchanges of its broker',
});
export const boundToDefault = (): Finding => ({
  message: 'nothing can be bound to the default exchange, nor it to anything', hint: 'every queue is bound to it by its own name already',
});
export const missingAlternate = (exchange: string, near: string | undefined): Finding => ({
  message: `there is no exchange "${exchange}": what no binding matches is dropped all the same`, hint: didYouMean(near) ?? 'RabbitMQ does not complain; declare the exchange',
});
export const defaultAlternate = (): Finding => ({
  message: 'the default exchange as an alternate routes nothing', hint: 'bind the queue to a fanout exchange, and name that one',
});
export const unknownHeaderMatch = (found: unknown, known: readonly string[]): Finding => ({
  message: 'there is no such way to match headers', found: String(found), wanted: oneOf(known), hint: 'RabbitMQ refuses the binding',
});
export const matchesNoHeaders = (): Finding => ({
  message: 'the binding never matches: any of no headers is asked for', hint: 'add headers; those that start with x- count only with any-with-x',
});

// Queues.

const pluralOf = (type: string): string => (type === 'stream' ? 'streams' : `${type} queues`);

export const unsupportedArgument = (type: string, argument: string, others: string): Finding => ({
  message: `${pluralOf(type)} do not take ${argument}`, hint: `RabbitMQ refuses to declare ${type === 'stream' ? 'it' : 'the queue'}; leave it out, or make it a ${others}`,
});
export const transientReplicated = (type: string): Finding => ({
  message: `a ${type === 'stream' ? 'stream' : 'quorum queue'} is always durable`, hint: 'RabbitMQ refuses to declare it; leave durable out, or make it a classic queue',
});
export const transientRefused = (version: string): Finding => ({
  message: `RabbitMQ ${version} refuses queues that are not durable`, hint: 'make it durable; what need not survive can be published as transient messages',
});
export const noSuchNode = (node: number, nodes: number): Finding => ({
  message: `the broker has no node ${node}`, wanted: nodes === 1 ? '0, the only one' : `a number from 0 to ${nodes - 1}`, hint: 'raise nodes of the broker',
});
export const groupAboveNodes = (size: number, nodes: number): Finding => ({ message: `the queue gets only ${nodes} of ${size} members`, hint: 'raise nodes of the broker' });
export const keyWithoutExchange = (): Finding => ({
  message: 'x-dead-letter-routing-key needs x-dead-letter-exchange beside it', hint: 'RabbitMQ refuses to declare the queue, also where a policy names the exchange',
});
export const missingDeadLetterExchange = (exchange: string, near: string | undefined, isKept: boolean): Finding => ({
  message: `there is no exchange "${exchange}": dead letters ${isKept ? 'stay in the queue and fill it' : 'are dropped'}`, hint: didYouMean(near) ?? 'RabbitMQ does not complain; declare the exchange',
});
export const deadLettersToNobody = (key: string, near: string | undefined, isKept: boolean): Finding => ({
  message: `no queue is called "${key}": dead letters ${isKept ? 'stay in the queue and fill it' : 'are dropped'}`, hint: didYouMean(near) ?? 'the default exchange takes the routing key for the name of a queue',
});
export const nothingDeadLettered = (): Finding => ({ message: 'nothing is dead-lettered without an exchange to go to', hint: 'name one: dead-letter-exchange' });
/** RabbitMQ has it, and Faultline does not yet. */
export const notModelled = (what: string, hint: string): Finding => ({ message: `${what} is not modelled`, hint });
export const fallsBack = (): Finding => ({
  message: 'dead letters are sent at most once all the same: the queue drops its head when it is full', wanted: 'overflow reject-publish', hint: 'RabbitMQ says so only in its log',
});
export const countsAsDropHead = (): Finding => ({
  message: 'a quorum queue takes reject-publish-dlx for drop-head', wanted: 'reject-publish, or drop-head', hint: 'RabbitMQ says so only in its log',
});
export const groupTooLarge = (size: number, largest: number): Finding => ({
  message: `${size} replicas are not modelled`, wanted: `at most ${largest}`, hint: 'set x-initial-cluster-size, or lower nodes of the broker',
});
export const fewReplicas = (replicas: number, nodes: number): Finding => ({
  message: `on ${nodes - replicas} of ${nodes} nodes nobody can read the stream`, wanted: `${nodes} replicas, which is the default`,
  hint: 'RabbitMQ refuses consumers where there is no replica; they come again, at another node',
});

// Mirrors of classic queues.

export const mirrorsRemoved = (version: string): Finding => ({ message: `RabbitMQ ${version} has no mirrored queues: they were removed in 4.0`, hint: 'make the queue a quorum queue: x-queue-type: quorum' });
export const mirrorsWithoutMode = (): Finding => ({ message: 'without ha-mode there are no mirrors', hint: 'RabbitMQ refuses the policy; add ha-mode: all' });
export const mirrorParams = (mode: string, wanted: string): Finding => ({ message: `ha-mode ${mode} does not take these ha-params`, wanted, hint: 'RabbitMQ refuses the policy' });
export const leaderElsewhere = (queue: string, node: number): Finding => ({ message: `node ${node} of queue "${queue}" is none of them; that a leader moves there is not modelled`, hint: 'name its node among them, or set node of the queue' });

// Consumers of streams.

export const automaticStream = (): Finding => ({ message: 'a stream does not take automatic acknowledgement', hint: 'RabbitMQ refuses the consumer; acknowledging gives the next ones room, so say after-work' });
export const unlimitedStream = (): Finding => ({ message: 'a consumer of a stream needs a prefetch', wanted: 'a number', hint: 'RabbitMQ refuses the consumer without one' });
export const prioritisedStream = (): Finding => ({ message: 'consumers of a stream have no priority: each reads everything', hint: 'RabbitMQ refuses the consumer; leave it out' });
export const offsetWithoutStream = (): Finding => ({ message: 'an offset is for streams', hint: 'make the queue one with x-queue-type: stream, or leave it out' });
export const storedOutOfOrder = (): Finding => ({ message: 'one offset says nothing about messages that are handled side by side', wanted: 'concurrency 1', hint: 'leave concurrency out, or begin elsewhere' });
export const nothingGivenBack = (): Finding => ({
  message: 'a stream takes nothing back: what fails is passed over', wanted: 'then: reject, which says so', hint: 'a nack gives credit and nothing else; handle it again in the consumer, or read from a queue',
});
export const everyWorkerReads = (count: number): Finding => ({
  message: `each of the ${count} workers reads every message`, hint: 'consumers of a stream do not share its messages; count: 1, idempotency, or a queue',
});

// Clusters.

export const noTls = (): Finding => ({ message: 'this changes nothing: no TLS is spoken', hint: "write tls: '1.3' beside config, or leave it out" });
export const nothingToPart = (): Finding => ({ message: 'a single node has nobody to be parted from', hint: 'raise nodes of the broker, or leave it out' });
export const bothHalvesPause = (nodes: number): Finding => ({
  message: nodes === 2 ? 'either of two nodes stops when it loses the other one' : `${nodes} nodes can be cut into halves, and both stop`, hint: 'pause_minority is for an odd number of nodes',
});

// Policies.

export const badPattern = (message: string): Finding => ({ message, wanted: 'a regular expression without back references, lookbehind and flags' });
export const samePolicyName = (name: string): Finding => ({ message: `another policy is called "${name}"`, hint: 'RabbitMQ keeps the last one alone' });
export const appliesToNothing = (): Finding => ({ message: 'the policy applies to nothing', hint: 'no name matches its pattern, or other policies with a higher priority do' });
export const notForType = (key: string, type: string, queue: string): Finding => ({
  message: `with ${key} the policy does not apply to ${pluralOf(type)} at all, such as ${queue}`, hint: `give ${pluralOf(type)} a policy of their own`,
});
export const samePriority = (first: string, second: string, name: string): Finding => ({
  message: `the policies "${first}" and "${second}" have the same priority for ${name}`, hint: `RabbitMQ leaves open which applies, here it is "${first}"; give one a higher priority`,
});

// Shovels.

export const unknownShovelEnd = (broker: string, near: string | undefined, known: readonly string[]): Finding => ({ message: `there is no broker "${broker}"`, wanted: known.map((each) => `amqp://${each}`).join(', '), hint: didYouMean(near) ?? 'a URI names a broker of the scenario' });
export const unknownShovelQueue = (queue: string, near: string | undefined): Finding => ({ message: `that broker has no queue "${queue}"`, hint: didYouMean(near) ?? 'RabbitMQ would declare a durable classic queue; write it under queues of that broker' });
export const twoShovelDestinations = (): Finding => ({ message: 'a shovel publishes to a queue or to an exchange', hint: 'RabbitMQ refuses both; leave out dest-queue or dest-exchange' });
export const keyBesideQueue = (): Finding => ({ message: 'with dest-queue the key is the name of that queue, and this one is ignored', hint: 'leave it out, or name dest-exchange instead' });
export const shovelledToNobody = (): Finding => ({ message: 'no queue is bound there for that key: what the shovel moves is confirmed, and dropped', hint: 'a shovel publishes without mandatory; bind a queue' });
export const shovelInCircle = (): Finding => ({ message: 'the shovel publishes to the queue that it takes from, and goes round for ever', hint: 'name another queue' });

// Versions.

export const unknownToVersion = (what: string, version: string): Finding => ({ message: `RabbitMQ ${version} does not know ${what}` });
export const noNegativeLimit = (version: string): Finding => ({
  message: `in RabbitMQ ${version} a limit below 0 is exceeded by the first return`, hint: 'leave it out; only from 4.0 on -1 means none',
});
export const noEffectIn = (what: string, version: string, hint: string): Finding => ({ message: `${what} has no effect in RabbitMQ ${version}`, hint });

// Resources.

export const absoluteWins = (key: string): Finding => ({ message: `${key}.absolute is said too, and wins`, hint: 'leave one of them out' });
export const shareOfNothing = (key: string): Finding => ({
  message: `${key}.relative is a share of a node's memory, and nothing says how much that is`, hint: 'set config.total_memory_available_override_value',
});
export const alarmedFromTheStart = (resource: 'memory' | 'disk', has: string, limit: string): Finding => ({
  message: resource === 'memory' ? `a node without messages uses ${has}, more than its limit of ${limit}` : `a node has ${has} free, less than its limit of ${limit}`,
  hint: 'it is alarmed from the start, and nobody can publish',
});
