import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createQueue,
  type Message,
  type QueueSettings,
} from '../../../../../infra/local/driver/queues/queue.ts';
import {
  causesOf,
  createInFlight,
  rootsFrom,
} from '../../../../../infra/local/driver/services/in-flight.ts';
import {
  type Observe,
  unobserved,
} from '../../../../../infra/local/driver/services/observation.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a standard queue', () => {
  it('gives messages in the order in which they came, and none twice', () => {
    const { queue } = make();
    for (const body of ['a', 'b', 'c']) {
      queue.send({ body });
    }
    expect(bodies(queue.receive(2))).toEqual(['a', 'b']);
    expect(bodies(queue.receive(10))).toEqual(['c']);
    expect(queue.receive(10)).toEqual([]);
  });

  it('gives a message again when its visibility timeout is over', () => {
    const { queue } = make({ visibilityTimeoutMs: 30_000 });
    queue.send({ body: 'a' });
    expect(only(queue.receive(1)).receiveCount).toBe(1);
    vi.advanceTimersByTime(29_999);
    expect(queue.receive(1)).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(only(queue.receive(1)).receiveCount).toBe(2);
  });

  it('does not let an old receipt delete a message that was received again', () => {
    const { queue } = make({ visibilityTimeoutMs: 1_000 });
    queue.send({ body: 'a' });
    const old = only(queue.receive(1)).receipt;
    vi.advanceTimersByTime(1_000);
    queue.receive(1);
    queue.delete(old);
    expect(queue.depth().inFlight).toBe(1);
  });

  it.each([
    ['its own delay', { delayMs: 5_000 }, undefined, 5_000, ['message in queue q']],
    // Its sender wants to be woken then, as by a schedule: the stack is idle until it is.
    ['the delay of a message', { delayMs: 5_000 }, 2_000, 2_000, []],
  ])('keeps a message back for %s', (_, settings, delayMs, expectedMs, before) => {
    const { queue, inFlight } = make(settings);
    queue.send({ body: 'a', delayMs });
    vi.advanceTimersByTime(expectedMs - 1);
    expect(queue.depth().visible).toBe(0);
    expect(inFlight.describe()).toEqual(before);
    vi.advanceTimersByTime(1);
    expect(inFlight.describe()).toEqual(['message in queue q']);
    expect(bodies(queue.receive(1))).toEqual(['a']);
  });

  it('does not delay a message that is sent without, whatever its own delay', () => {
    const { queue } = make({ delayMs: 5_000 });
    queue.send({ body: 'a', delayMs: 0 });
    expect(queue.depth().visible).toBe(1);
  });

  it('gives back what its reader failed with after 1, 2, 4 seconds', () => {
    const { queue } = make({ visibilityTimeoutMs: 60_000 });
    queue.send({ body: 'a' });
    for (const backOffMs of [1_000, 2_000, 4_000]) {
      queue.giveBack(only(queue.receive(1)).receipt);
      vi.advanceTimersByTime(backOffMs - 1);
      expect(queue.depth().visible).toBe(0);
      vi.advanceTimersByTime(1);
    }
    expect(only(queue.receive(1)).receiveCount).toBe(4);
  });

  it('obeys a reader that set the visibility itself before it failed', () => {
    const { queue } = make();
    queue.send({ body: 'a' });
    const { receipt } = only(queue.receive(1));
    expect(queue.changeVisibility(receipt, 7_000)).toBe(true);
    queue.giveBack(receipt);
    vi.advanceTimersByTime(6_999);
    expect(queue.depth().visible).toBe(0);
    vi.advanceTimersByTime(1);
    expect(queue.depth().visible).toBe(1);
    expect(queue.changeVisibility(receipt, 1_000)).toBe(false);
  });

  it('hides a message for 12 hours at most, counted from when it was received', () => {
    const { queue } = make({ visibilityTimeoutMs: 60_000 });
    queue.send({ body: 'a' });
    const { receipt } = only(queue.receive(1));
    vi.advanceTimersByTime(30_000);
    expect(() => queue.changeVisibility(receipt, 43_171_000)).toThrow(/beyond the limit/);
    expect(queue.changeVisibility(receipt, 43_170_000)).toBe(true);
    vi.advanceTimersByTime(3_600_000);
    expect(() => queue.changeVisibility(receipt, 43_170_000)).toThrow(/beyond the limit/);
    expect(queue.changeVisibility(receipt, 0)).toBe(true);
    // Another receipt begins anew.
    expect(queue.changeVisibility(only(queue.receive(1)).receipt, 43_200_000)).toBe(true);
  });

  it('moves a message that was received too often to the queue behind it', () => {
    const behind = make({ name: 'behind', isRead: false }).queue;
    const { queue, inFlight } = make({ maxReceiveCount: 2, deadLetterQueue: () => behind });
    queue.send({ body: 'a' });
    queue.giveBack(only(queue.receive(1)).receipt);
    vi.advanceTimersByTime(1_000);
    queue.giveBack(only(queue.receive(1)).receipt);

    expect(bodies(behind.receive(1))).toEqual(['a']);
    expect(queue.depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    expect(inFlight.isEmpty()).toBe(true);
  });

  it('moves one whose reader never answers too', () => {
    const behind = make({ name: 'behind', isRead: false }).queue;
    const settings = { maxReceiveCount: 1, deadLetterQueue: () => behind };
    const { queue } = make({ ...settings, visibilityTimeoutMs: 5_000 });
    queue.send({ body: 'a' });
    queue.receive(1);
    vi.advanceTimersByTime(5_000);
    expect(bodies(behind.receive(1))).toEqual(['a']);
  });

  it('that nobody reads keeps nobody waiting', () => {
    const { queue, inFlight } = make({ isRead: false });
    queue.send({ body: 'a' });
    expect(inFlight.isEmpty()).toBe(true);
  });
});

describe('a FIFO queue', () => {
  it('keeps the order within a group while another group goes on', () => {
    const { queue } = make({ fifo: true });
    for (const [groupId, body] of [
      ['x', 'x1'],
      ['y', 'y1'],
      ['x', 'x2'],
    ] as const) {
      queue.send({ body, groupId, deduplicationId: body });
    }
    const [first] = queue.receive(1);
    expect(first?.body).toBe('x1');
    expect(bodies(queue.receive(10))).toEqual(['y1']);
    expect(queue.receive(10)).toEqual([]);
    queue.delete(first?.receipt ?? '');
    expect(bodies(queue.receive(10))).toEqual(['x2']);
  });

  it('gives several messages of a group at once, and no more until all are deleted or returned', () => {
    const { queue } = make({ fifo: true });
    for (const body of ['1', '2', '3']) {
      queue.send({ body, groupId: 'x', deduplicationId: body });
    }
    const [one, two] = queue.receive(2);
    expect([one?.body, two?.body]).toEqual(['1', '2']);
    queue.delete(one?.receipt ?? '');
    expect(queue.receive(1)).toEqual([]);
    queue.delete(two?.receipt ?? '');
    expect(bodies(queue.receive(1))).toEqual(['3']);
  });

  it('puts what failed back to its place', () => {
    const { queue } = make({ fifo: true });
    for (const body of ['1', '2', '3']) {
      queue.send({ body, groupId: 'x', deduplicationId: body });
    }
    const [one, two] = queue.receive(2);
    queue.giveBack(two?.receipt ?? '');
    queue.giveBack(one?.receipt ?? '');
    expect(queue.receive(10)).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(bodies(queue.receive(10))).toEqual(['1', '2', '3']);
  });

  it.each([
    ['an id', {}, { deduplicationId: 'same' }],
    ['its content', { contentBasedDeduplication: true }, {}],
  ])(
    'takes a second message with the same %s for the first, for five minutes',
    (_, settings, id) => {
      const { queue } = make({ fifo: true, ...settings });
      const first = queue.send({ body: 'a', groupId: 'x', ...id });
      expect(queue.send({ body: 'a', groupId: 'x', ...id }).id).toBe(first.id);
      expect(queue.depth().visible).toBe(1);
      vi.advanceTimersByTime(5 * 60_000);
      expect(queue.send({ body: 'a', groupId: 'x', ...id }).id).not.toBe(first.id);
    },
  );

  it('may look for the same id within a group only', () => {
    const { queue } = make({ fifo: true, deduplicatesWithinGroup: true });
    queue.send({ body: 'a', groupId: 'x', deduplicationId: 'same' });
    queue.send({ body: 'a', groupId: 'y', deduplicationId: 'same' });
    expect(queue.depth().visible).toBe(2);
  });

  it('refuses a message without a group, and one that it cannot tell from others', () => {
    const { queue } = make({ fifo: true });
    expect(() => queue.send({ body: 'a', deduplicationId: '1' })).toThrow('MessageGroupId');
    expect(() => queue.send({ body: 'a', groupId: 'x' })).toThrow('MessageDeduplicationId');
  });
});

describe('a queue that is watched', () => {
  const told: string[] = [];
  const observe: Observe = (seen) => {
    if (seen.what === 'message') {
      told.push([seen.queue, seen.step, seen.reader, ...seen.causes].filter(Boolean).join(' '));
    }
  };
  beforeEach(() => void told.splice(0));

  it('tells what becomes of a message, and what it follows from', () => {
    const { queue } = make({}, observe);
    queue.send({ body: 'a' }, rootsFrom(['request']));
    const messages = queue.receive(1);
    queue.tellReceived(messages, 'reader');
    queue.delete(only(messages).receipt);
    expect(told).toEqual(['q sent request', 'q received reader request', 'q deleted request']);
  });

  it('tells of one that failed until it is a dead letter, which follows from the same', () => {
    const { queue: dead } = make({ name: 'dead', isRead: false }, observe);
    const { queue } = make({ deadLetterQueue: () => dead, maxReceiveCount: 1 }, observe);
    queue.send({ body: 'a' }, rootsFrom(['request']));
    queue.giveBack(only(queue.receive(1)).receipt);
    expect(told).toEqual([
      ...['q sent request', 'q returned request', 'q buried request', 'dead sent request'],
    ]);
  });

  it.each([
    ['of a batch that it names follows from that', { body: '{"requestId":"r2"}' }, 'q sent r2'],
    ['of a batch that it does not name, from all', { body: '{}' }, 'q sent r1 r2'],
    ['that comes later too', { body: 'r1', delayMs: 5_000 }, 'q sent r1'],
  ])('a message %s', (_, input, expected) => {
    const { queue } = make({}, observe);
    queue.send(input, rootsFrom(['r1', 'r2']));
    vi.advanceTimersByTime(5_000);
    expect(told).toEqual([expected]);
    const [, , ...causes] = expected.split(' ');
    expect(causesOf(only(queue.receive(1)).work.roots)).toEqual(causes);
  });
});

function make(settings: Partial<QueueSettings> = {}, observe: Observe = unobserved) {
  const inFlight = createInFlight();
  const queue = createQueue(
    {
      name: 'q',
      url: 'http://local/q',
      arn: 'arn:q',
      fifo: false,
      contentBasedDeduplication: false,
      deduplicatesWithinGroup: false,
      visibilityTimeoutMs: 30_000,
      delayMs: 0,
      maxReceiveCount: undefined,
      deadLetterQueue: undefined,
      isRead: true,
      ...settings,
    },
    inFlight,
    observe,
  );
  return { queue, inFlight };
}

function bodies(messages: readonly Message[]): string[] {
  return messages.map(({ body }) => body);
}

function only(messages: readonly Message[]): Message {
  expect(messages).toHaveLength(1);
  return messages[0]!;
}
