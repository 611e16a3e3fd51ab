/** Branches of messages: what each queue that a publish was routed to is owed. */
import { describe, expect, it } from 'vitest';
import type { ClaimName } from '../../models/invariants/index.ts';
import { type CopyId, none, type QueueId } from '../../models/message.ts';
import { confirmedInBoth, FanOut } from './fan-out.ts';

const effectOf = ({ 'at-least-once': least, 'at-most-once': most, 'exactly-once-effect': once }: Readonly<Record<ClaimName, string>>): string[] => [least, most, once];
const allPass = ['pass', 'pass', 'pass'];

describe('a message in two queues', () => {
  it('has an effect by each reader, and neither repeats the other', () => {
    const { system, message, inOrders, inAudit } = confirmedInBoth();
    expect([system.handle(inOrders), system.totals.handled]).toEqual([true, 0]);
    expect([system.handle(inAudit), system.totals.handled]).toEqual([true, 1]);
    system.acknowledge(inOrders);
    system.acknowledge(inAudit);
    system.finish(message);
    const verdicts = system.verdicts();
    expect(effectOf(verdicts)).toEqual(allPass);
    expect(verdicts).toMatchObject({ 'no-phantom': 'pass', conservation: 'pass', drained: 'pass', 'no-stuck-message': 'pass', 'dead-letter-complete': 'unknown' });
    expect(system.totals).toMatchObject({ handled: 1, effects: 2, duplicates: 0, stored: 2, attemptsStored: 1 });
  });

  it('is not handled by one reader alone, and no longer when another queue gets it late', () => {
    const system = new FanOut();
    const message = system.publish();
    const [inOrders] = system.send(message, system.orders) as [CopyId];
    system.handle(inOrders);
    expect(system.totals.handled).toBe(1);
    const [again, inAudit] = system.send(message, system.orders, system.audit) as [CopyId, CopyId];
    expect(system.totals.handled).toBe(0);
    system.handle(again);
    expect(system.totals).toMatchObject({ handled: 0, duplicates: 1 });
    system.handle(inAudit);
    expect(system.totals).toMatchObject({ handled: 1, effects: 3, duplicates: 1 });
  });

  it('is lost where one queue loses it, which is named, with what took it there', () => {
    const { system, message, inOrders, inAudit } = confirmedInBoth();
    system.drop(inAudit, 'maxlen');
    system.take(inOrders);
    system.finish(message);
    const fate = 'for mq/audit: it was lost to maxlen at 0.000 s.';
    expect(effectOf(system.verdicts())).toEqual([`web.0-1: It was confirmed and never handled ${fate}`, 'pass', `web.0-1: It was confirmed and took no effect ${fate}`]);
    expect(system.totals.handled).toBe(0);
  });

  it('is lost where a queue lets go of it without a word, or hands out a copy that has no effect', () => {
    const { system, message, inOrders, inAudit } = confirmedInBoth();
    system.take(inOrders);
    system.forget(inAudit);
    system.finish(message);
    expect(system.verdicts()['at-least-once']).toBe('web.0-1: It was confirmed and never handled for mq/audit: the broker holds it no longer, and nobody said why.');

    const other = confirmedInBoth();
    other.system.forget(other.inOrders);
    other.system.take(other.inAudit);
    other.system.finish(other.message);
    expect(other.system.verdicts()['at-least-once']).toMatch(/for mq\/orders: the broker holds it no longer/);
  });

  it('is lost where one queue lost it before the other had it', () => {
    const system = new FanOut();
    const message = system.publish();
    const attempt = system.attempt(message);
    system.drop(system.store(attempt, system.orders), 'maxlen');
    system.take(system.store(attempt, system.audit));
    system.confirm(message);
    system.world.attempts.release(attempt);
    system.finish(message);
    expect(system.verdicts()['at-least-once']).toMatch(/for mq\/orders: it was lost to maxlen/);
  });

  it('is one violation, with a sentence for each queue, where both lose it', () => {
    const { system, message, inOrders, inAudit } = confirmedInBoth();
    system.drop(inOrders, 'maxlen');
    system.drop(inAudit);
    system.finish(message);
    expect(system.verdicts()['at-least-once']).toBe(
      'web.0-1: It was confirmed and never handled for mq/orders: it was lost to maxlen at 0.000 s. It was confirmed and never handled for mq/audit: it was lost to expired at 0.000 s.',
    );
  });

  it('may be lost where that is allowed, in the queue whose loss it was', () => {
    const allowed = (inWhich: 'orders' | 'audit') => {
      const { system, message, inOrders, inAudit } = confirmedInBoth(['expired']);
      system.drop(inAudit, inWhich === 'audit' ? 'expired' : 'transient');
      system.drop(inOrders, 'expired');
      system.finish(message);
      return system.verdicts()['at-least-once'];
    };
    expect(allowed('audit')).toBe('pass');
    expect(allowed('orders')).toBe('web.0-1: It was confirmed and never handled for mq/audit: it was lost to transient at 0.000 s.');
  });

  it('is promised nothing where it was not confirmed', () => {
    const system = new FanOut();
    const [lost, kept] = [system.publish(), system.publish()];
    const [inOrders, inAudit] = system.send(lost, system.orders, system.audit) as [CopyId, CopyId];
    system.drop(inAudit);
    system.take(inOrders, ...system.send(kept, system.orders, system.audit));
    system.confirm(kept);
    system.finish(lost, kept);
    expect(effectOf(system.verdicts())).toEqual(allPass);
  });

  it('was refused as a whole, and took effect in the queue that took it all the same', () => {
    const system = new FanOut();
    const message = system.publish();
    const attempt = system.attempt(message);
    const inOrders = system.store(attempt, system.orders);
    system.world.ledger.attemptRefused(attempt, system.world.causes.of('full'));
    system.world.ledger.outcome(message, 'refused');
    system.take(inOrders);
    expect(system.totals).toMatchObject({ sent: 1, attemptsStored: 1, attemptsRefused: 0 });
    system.world.attempts.release(attempt);
    system.finish(message);
    expect(system.verdicts()['exactly-once-effect']).toBe('web.0-1: It was refused, and took effect all the same.');
  });
});

describe('retries', () => {
  it('go on with the branch of their queue: a second effect there is a duplicate, and the queue is named', () => {
    const { system, message, inOrders, inAudit } = confirmedInBoth();
    const [ordersAgain, auditAgain] = system.send(message, system.orders, system.audit) as [CopyId, CopyId];
    expect([inOrders, inAudit, ordersAgain].map((copy) => system.handle(copy))).toEqual([true, true, false]);
    for (const copy of [inOrders, inAudit, ordersAgain]) system.acknowledge(copy);
    system.drop(auditAgain);
    system.finish(message);
    const twice = 'web.0-1: It took effect 2 times for mq/orders.';
    expect(effectOf(system.verdicts())).toEqual(['pass', twice, twice]);
    expect(system.totals).toMatchObject({ handled: 1, effects: 3, duplicates: 1, sent: 2, attemptsStored: 2, stored: 4 });
  });

  it('mend a branch that was lost, and what they bring to the other is no news of this one', () => {
    const { system, message, inOrders, inAudit } = confirmedInBoth();
    system.drop(inAudit);
    system.take(inOrders);
    system.take(...system.send(message, system.audit));
    system.finish(message);
    expect(effectOf(system.verdicts())).toEqual(allPass);

    const other = confirmedInBoth();
    other.system.drop(other.inAudit);
    other.system.take(other.inOrders);
    other.system.drop(other.system.send(other.message, other.system.orders)[0]!, 'maxlen');
    other.system.finish(other.message);
    expect(other.system.verdicts()['at-least-once']).toMatch(/for mq\/audit: it was lost to expired/);
  });
});

describe('a queue that a publish was routed to', () => {
  it('is missed where it never got its copy, though the publish was confirmed', () => {
    const system = new FanOut();
    const message = system.publish();
    const attempt = system.attempt(message);
    const { ledger } = system.world;
    for (const queue of [system.orders, system.audit]) ledger.routed(attempt, queue);
    system.take(system.store(attempt, system.orders));
    system.confirm(message);
    expect(system.totals.handled).toBe(0);
    system.world.attempts.release(attempt);
    system.finish(message);
    expect(system.verdicts()['at-least-once']).toBe('web.0-1: It was confirmed and never handled for mq/audit: it was never stored.');
  });

  it('loses what was lost on the way to it, and the queue that has its copy does not', () => {
    const system = new FanOut();
    const message = system.publish();
    const attempt = system.attempt(message);
    const { ledger, causes } = system.world;
    for (const queue of [system.orders, system.audit]) ledger.routed(attempt, queue);
    const inOrders = system.store(attempt, system.orders);
    ledger.attemptLost(attempt, causes.of('crash'));
    system.confirm(message);
    system.forget(inOrders);
    system.world.attempts.release(attempt);
    system.finish(message);
    expect(ledger.attemptsLost.size).toBe(0);
    expect(system.verdicts()['at-least-once']).toMatch(/for mq\/orders: the broker holds it no longer, .* for mq\/audit: it was lost to crash at 0.000 s\.$/);
  });
});

describe('an attempt', () => {
  const told: [string, string[], Record<string, number>][] = [
    ['as stored where both queues stored it', ['stored', 'stored'], { attemptsStored: 1 }],
    ['as stored where one refused it after that', ['stored', 'refused'], { attemptsStored: 1 }],
    ['as stored where one refused it before that', ['refused', 'stored'], { attemptsStored: 1 }],
    ['as stored where one lost it after that', ['stored', 'lost'], { attemptsStored: 1 }],
    ['as stored where one lost it before that', ['lost', 'stored'], { attemptsStored: 1 }],
    ['as refused where both refused it', ['refused', 'refused'], { attemptsRefused: 1 }],
    ['as lost where both lost it', ['lost', 'lost'], { lost: 1 }],
    ['by what was first where one refused and one lost it', ['refused', 'lost'], { attemptsRefused: 1 }],
  ];

  it.each(told)('counts once: %s', (_how, words, expected) => {
    const system = new FanOut();
    const { ledger, causes } = system.world;
    // One before it counts for itself, and keeps its count.
    const others = Array.from({ length: 70 }, () => system.attempt(system.publish()));
    ledger.attemptLost(others[0]!, causes.of('connection-lost'));
    const attempt = system.attempt(system.publish());
    words.forEach((word, index) => {
      if (word === 'stored') system.store(attempt, index as QueueId);
      else if (word === 'refused') ledger.attemptRefused(attempt, causes.of('full'));
      else ledger.attemptLost(attempt, causes.of('crash'));
    });
    const { attemptsStored, attemptsRefused } = system.totals;
    expect({ attemptsStored, attemptsRefused, lost: ledger.attemptsLost.get(causes.of('crash')) ?? 0 }).toEqual({ attemptsStored: 0, attemptsRefused: 0, lost: 0, ...expected });
    expect(ledger.attemptsLost.size).toBe(1 + (expected.lost ?? 0));
  });
});

describe('a dead letter', () => {
  it('is of the branch it was made from: handled from its queue, that branch is handled', () => {
    const { system, message, inOrders, inAudit } = confirmedInBoth();
    system.take(inOrders);
    const letter = system.bury(inAudit);
    expect(system.world.copies.origin[letter]).toBe(system.audit);
    expect([system.handle(letter), system.totals.handled, system.totals.duplicates]).toEqual([true, 1, 0]);
    system.acknowledge(letter);
    system.finish(message);
    const verdicts = system.verdicts();
    expect(effectOf(verdicts)).toEqual(allPass);
    expect(verdicts).toMatchObject({ 'dead-letter-complete': 'pass', conservation: 'pass' });
  });

  it('stays of that branch from one dead-letter queue to the next, and back into a queue that it was routed to', () => {
    const { system, inOrders, inAudit } = confirmedInBoth();
    const { copies, ledger, causes, sim } = system.world;
    const letter = system.bury(inAudit);
    const back = copies.create(copies.messageOf(letter), none, system.orders, 100, 0, sim.now);
    ledger.stored(back, none);
    ledger.deadLettered(letter, back, causes.of('expired'));
    expect([system.handle(inOrders), system.handle(back)]).toEqual([true, true]);
    expect(system.totals).toMatchObject({ handled: 1, duplicates: 0 });
  });

  it('in its queue at the end is kept, of its own branch and no other, and has taken no effect', () => {
    const handled = confirmedInBoth();
    handled.system.take(handled.inOrders);
    handled.system.bury(handled.inAudit);
    handled.system.finish(handled.message);
    const dead = 'for mq/audit: it lies in a dead-letter queue.';
    expect(effectOf(handled.system.verdicts())).toEqual(['pass', 'pass', `web.0-1: It was confirmed and took no effect ${dead}`]);

    const lost = confirmedInBoth();
    lost.system.drop(lost.inOrders);
    lost.system.bury(lost.inAudit);
    lost.system.finish(lost.message);
    const fate = 'for mq/orders: it was lost to expired at 0.000 s.';
    expect(effectOf(lost.system.verdicts())).toEqual([`web.0-1: It was confirmed and never handled ${fate}`, 'unknown', `web.0-1: It was confirmed and took no effect ${fate} It was confirmed and took no effect ${dead}`]);
  });

  it('excuses a loss in the other queue only if that loss is allowed', () => {
    const { system, message, inOrders, inAudit } = confirmedInBoth(['expired']);
    system.drop(inOrders, 'expired');
    system.bury(inAudit);
    system.finish(message);
    expect(system.verdicts()['at-least-once']).toBe('pass');
  });

  it('that is lost is a loss of its branch', () => {
    const { system, message, inOrders, inAudit } = confirmedInBoth();
    system.take(inOrders);
    system.drop(system.bury(inAudit), 'transient');
    system.finish(message);
    expect(system.verdicts()['at-least-once']).toMatch(/for mq\/audit: it was lost to transient/);
  });

  it('is what became of a copy whose handling had failed before', () => {
    const { system, message, inOrders, inAudit } = confirmedInBoth();
    const delivery = system.deliver(inAudit);
    system.world.ledger.workFailed(delivery, system.world.causes.of('failed'));
    system.world.deliveries.release(delivery);
    system.forget(system.bury(inAudit));
    system.take(inOrders);
    system.finish(message);
    expect(system.verdicts()['at-least-once']).toMatch(/for mq\/audit: it lies in a dead-letter queue/);
  });

  it('that a host crash undid lies in no queue: its copy is back where it was', () => {
    const { system, inOrders, inAudit, message } = confirmedInBoth();
    const { copies, ledger, causes } = system.world;
    copies.hold(inAudit);
    const letter = system.bury(inAudit);
    ledger.rewound(inAudit, causes.of('unsynced'));
    system.drop(letter, 'transient');
    system.take(inOrders, inAudit);
    system.finish(message);
    expect(effectOf(system.verdicts())).toEqual(allPass);
    expect(system.totals).toMatchObject({ handled: 1, deadLettered: 0, rewound: 1 });

    const silent = confirmedInBoth();
    silent.system.world.copies.hold(silent.inAudit);
    const other = silent.system.bury(silent.inAudit);
    silent.system.world.ledger.rewound(silent.inAudit, causes.of('unsynced'));
    silent.system.forget(other);
    silent.system.forget(silent.inAudit);
    silent.system.take(silent.inOrders);
    silent.system.finish(silent.message);
    expect(silent.system.verdicts()['at-least-once']).toMatch(/for mq\/audit: the broker holds it no longer/);
  });
});

describe('what still waits at the end', () => {
  it('leaves open whether it is lost, though another branch is handled', () => {
    const { system, message, inOrders } = confirmedInBoth();
    system.take(inOrders);
    system.finish(message);
    const verdicts = system.verdicts(false);
    expect(effectOf(verdicts)).toEqual(['unknown', 'pass', 'unknown']);
    expect(verdicts.drained).toBe('web.0-1: It was still ready in mq/audit.');
  });

  it('and is held by nobody is lost, though another copy of it was given up as allowed', () => {
    const { system, message, inOrders, inAudit } = confirmedInBoth(['expired']);
    const [again] = system.send(message, system.audit) as [CopyId];
    system.take(inOrders);
    system.drop(inAudit, 'expired');
    expect(system.world.ledger.buckets.of(again)).toBe('ready');
    system.finish(message);
    expect(system.verdicts()['at-least-once']).toMatch(/^web.0-1: It was confirmed and never handled for mq\/audit/);
  });
});

describe('accounts', () => {
  it('of several branches are forgotten with their message: its number starts afresh', () => {
    const { system, message, inOrders, inAudit } = confirmedInBoth();
    system.take(inOrders, inAudit);
    system.finish(message);
    const next = system.publish();
    expect(next).toBe(message);
    const [copy] = system.send(next, system.audit) as [CopyId];
    const { branches } = system.world.ledger;
    expect([branches.count(next), branches.queueOf(next, 0), branches.effects(next, 0), branches.lastLoss(next, 0)]).toEqual([1, system.audit, 0, undefined]);
    system.take(copy, ...system.send(next, system.orders));
    expect([branches.count(next), branches.effects(next, 0), branches.effects(next, 1)]).toEqual([2, 1, 1]);
    system.finish(next);
    expect(system.totals).toMatchObject({ handled: 2, effects: 4, duplicates: 0 });
  });

  it('of several branches are forgotten, also when the next of that number was never published', () => {
    const { system, message, inOrders, inAudit } = confirmedInBoth();
    system.take(inOrders, inAudit);
    system.finish(message);
    const { messages, copies, ledger, sim } = system.world;
    const invented = messages.create(0 as never, 99, 99, none, 100, 0, sim.now);
    const copy = copies.create(invented, none, system.audit, 100, 0, sim.now);
    ledger.stored(copy, none);
    expect([invented, ledger.branches.count(invented)]).toEqual([message, 1]);
    system.take(copy);
    system.finish(invented);
    expect(system.verdicts()['no-phantom']).toBe('web.0-99: It was stored, and nobody had published it.');
  });

  it('are kept apart where many messages are in two queues at once', () => {
    const system = new FanOut();
    const messages = Array.from({ length: 300 }, () => system.publish());
    expect(messages.map((message) => system.world.ledger.branches.queueOf(message, 0))).toEqual(messages.map(() => none));
    const copies = messages.map((message) => system.send(message, system.orders, system.audit) as [CopyId, CopyId]);
    system.confirm(...messages);
    copies.forEach(([inOrders, inAudit], index) => {
      system.take(inOrders);
      if (index % 100 === 7) system.drop(inAudit);
      else system.take(inAudit);
    });
    system.finish(...messages);
    expect(system.totals).toMatchObject({ handled: 297, effects: 597, duplicates: 0 });
    expect(system.verdicts()['at-least-once'].match(/web\.0-\d+/g)).toEqual(['web.0-8', 'web.0-108', 'web.0-208']);
  });
});
