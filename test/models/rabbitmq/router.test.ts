/** Which queues a message reaches, on small topologies. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Router } from '../../../models/brokers/rabbitmq/routing/router.ts';
import { bindings, broker } from './topology.ts';

const runs = Math.max(200, Number(process.env.FAULTLINE_RUNS ?? 0));
const queues = { a: {}, b: {}, c: {}, d: {} };
const exchanges = { direct: { type: 'direct' }, fan: { type: 'fanout' }, topic: { type: 'topic' }, heads: { type: 'headers' } } as const;

describe('exchanges', () => {
  const router = new Router(broker({
    queues, exchanges,
    bindings: [
      ...bindings('direct -k-> b', 'direct -k-> a', 'direct -k-> a', 'direct -l-> c', 'fan -k-> d', 'fan --> a', 'topic -x.#-> a', 'topic -x.*-> b', 'topic -#.y-> a'),
      { source: 'heads', destination: 'a', arguments: { format: 'pdf' } },
      { source: 'heads', destination: 'b', arguments: { 'x-match': 'any', format: 'zip', size: 1 } },
      ...bindings('amq.topic -#-> c', 'amq.match --> d'),
    ],
  }));

  it.each([
    ['', ['b'], ['b']],
    ['', ['nobody'], []],
    ['', ['b', 'a', 'b'], ['a', 'b']],
    ['direct', ['k'], ['a', 'b']],
    ['direct', ['K'], []],
    ['direct', ['k', 'l'], ['a', 'b', 'c']],
    ['fan', ['whatever'], ['a', 'd']],
    ['topic', ['x.y'], ['a', 'b']],
    ['topic', ['x'], ['a']],
    ['topic', ['z.y', 'x.q'], ['a', 'b']],
    ['heads', ['k'], []],
    ['amq.topic', ['k'], ['c']],
    ['amq.match', ['k'], ['d']],
    ['amq.fanout', ['k'], []],
  ])('%j with %j: %j', (exchange, keys, expected) => {
    expect(router.route(exchange, keys)).toEqual(expected);
  });

  it('of headers look at no key', () => {
    expect([router.route('heads', ['k'], { format: 'pdf' }), router.route('heads', [], { size: 1, format: 'pdf' })]).toEqual([['a'], ['a', 'b']]);
  });

  it('that do not exist are known, and are not routed to', () => {
    expect(['', 'direct', 'amq.direct', 'a', 'nowhere'].map((name) => router.hasExchange(name))).toEqual([true, true, true, false, false]);
    expect(() => router.route('nowhere', ['k'])).toThrow('there is no exchange "nowhere"');
  });
});

describe('bindings between exchanges', () => {
  it('are followed in one step, with the key and headers unchanged, and once', () => {
    const router = new Router(broker({
      queues, exchanges: { ...exchanges, in: { type: 'topic' } },
      bindings: [
        ...bindings('in -order.#=> direct', 'in -#=> fan', 'direct -order.eu-> a', 'direct -order-> b', 'fan -=> heads', 'fan -=> direct', 'fan --> a'),
        { source: 'heads', destination: 'd', arguments: { big: true } },
      ],
    }));
    expect(router.route('in', ['order.eu'])).toEqual(['a']);
    expect(router.route('in', ['order'], { big: true })).toEqual(['a', 'b', 'd']);
    expect(router.route('in', ['other'])).toEqual(['a']);
  });

  it('may go in a circle', () => {
    const router = new Router(broker({ queues, exchanges: { x: { type: 'fanout' }, y: { type: 'fanout' } }, bindings: bindings('x -=> y', 'y -=> x', 'x -=> x', 'y --> c') }));
    expect([router.route('x', ['k']), router.route('y', ['k'])]).toEqual([['c'], ['c']]);
  });

  it('to what does not exist lead nowhere', () => {
    const router = new Router(broker({ queues, exchanges, bindings: bindings('fan -=> nowhere', 'fan --> nobody', 'fan --> b') }));
    expect(router.route('fan', ['k'])).toEqual(['b']);
  });
});

describe('an alternate exchange', () => {
  const alternate = (to: string) => ({ 'alternate-exchange': to });

  it('takes what no binding matched, and only that', () => {
    const router = new Router(broker({
      queues, exchanges: { in: { type: 'direct', arguments: alternate('rest') }, rest: { type: 'fanout' } },
      bindings: bindings('in -k-> a', 'rest --> b'),
    }));
    expect([router.route('in', ['k']), router.route('in', ['l']), router.route('in', ['k', 'l'])]).toEqual([['a'], ['b'], ['a']]);
  });

  it('may have one itself, in a circle, that does not exist', () => {
    const router = new Router(broker({
      queues,
      exchanges: {
        one: { type: 'direct', arguments: alternate('two') }, two: { type: 'direct', arguments: alternate('three') }, three: { type: 'direct', arguments: alternate('one') },
        self: { type: 'direct', arguments: alternate('self') }, lost: { type: 'direct', arguments: alternate('nowhere') },
      },
      bindings: bindings('three -k-> c'),
    }));
    expect([router.route('one', ['k']), router.route('one', ['l']), router.route('self', ['k']), router.route('lost', ['k'])]).toEqual([['c'], [], [], []]);
  });

  it('is asked by each exchange on the way, not by the one published to', () => {
    const router = new Router(broker({
      queues,
      exchanges: { in: { type: 'fanout', arguments: alternate('rest') }, inner: { type: 'direct', arguments: alternate('more') }, rest: { type: 'fanout' }, more: { type: 'fanout' } },
      bindings: bindings('in -=> inner', 'inner -k-> a', 'rest --> b', 'more --> c'),
    }));
    // A binding of `in` matched, so its own alternate is not asked although nothing came of it.
    expect([router.route('in', ['k']), router.route('in', ['l'])]).toEqual([['a'], ['c']]);
    const without = new Router(broker({ queues, exchanges: { in: { type: 'fanout', arguments: alternate('rest') }, inner: { type: 'direct' }, rest: { type: 'fanout' } }, bindings: bindings('in -=> inner', 'rest --> b') }));
    expect(without.route('in', ['k'])).toEqual([]);
  });

  it('is not the default exchange, which has no bindings of its own', () => {
    const router = new Router(broker({ queues, exchanges: { in: { type: 'direct', arguments: alternate('') } } }));
    expect(router.route('in', ['a'])).toEqual([]);
  });

  it('may come from a policy, and the argument wins', () => {
    const router = new Router(broker({
      queues,
      exchanges: { in: { type: 'direct' }, own: { type: 'direct', arguments: alternate('fanB') }, fanA: { type: 'fanout' }, fanB: { type: 'fanout' } },
      policies: [{ name: 'unrouted', pattern: '^(in|own)$', 'apply-to': 'exchanges', definition: { 'alternate-exchange': 'fanA' } }],
      bindings: bindings('fanA --> a', 'fanB --> b'),
    }));
    expect([router.route('in', ['k']), router.route('own', ['k'])]).toEqual([['a'], ['b']]);
  });
});

describe('routing', () => {
  const names = { exchange: ['direct', 'fan', 'topic', 'heads'], queue: Object.keys(queues) };
  const bound = fc.record({
    source: fc.constantFrom(...names.exchange), routing_key: fc.constantFrom('a.b', 'a', '#', 'a.*', '*.b', ''),
    arguments: fc.constantFrom<Record<string, string>>({}, { 'x-match': 'any' }, { h: '1' }, { 'x-match': 'any', h: '2', g: '1' }),
  }).chain((from) => fc.oneof(
    fc.constantFrom(...names.queue).map((destination) => ({ ...from, destination, destination_type: 'queue' as const })),
    fc.constantFrom(...names.exchange).map((destination) => ({ ...from, destination, destination_type: 'exchange' as const })),
  ));
  const withAlternates = { ...exchanges, direct: { type: 'direct', arguments: { 'alternate-exchange': 'topic' } }, topic: { type: 'topic', arguments: { 'alternate-exchange': 'fan' } } } as const;
  const lists = fc.array(bound, { maxLength: 12 }).chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
  const asked = fc.record({ exchange: fc.constantFrom('', ...names.exchange), key: fc.constantFrom('a.b', 'a', 'b', ''), headers: fc.constantFrom<Record<string, string>>({}, { h: '1' }, { g: '1' }) });

  it('does not depend on the order of bindings, names each queue once, and in the order of declaration', () => {
    fc.assert(fc.property(lists, asked, ([list, shuffled], { exchange, key, headers }) => {
      const route = (of: typeof list, among: typeof exchanges = exchanges) => new Router(broker({ queues, exchanges: among, bindings: of })).route(exchange, [key], headers);
      const found = route(list);
      expect(route(shuffled)).toEqual(found);
      expect(route(shuffled, withAlternates)).toEqual(route(list, withAlternates));
      expect(found).toEqual(names.queue.filter((queue) => found.includes(queue)));
      // One binding more never takes a queue away, where there are no alternates.
      expect(found).toEqual(expect.arrayContaining([...route(list.slice(1))]));
    }), { numRuns: runs });
  });
});
