import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FUNCTIONS } from '../../../infra/functions.ts';
import { createQueue, type Message } from '../../../infra/local/driver/queues/queue.ts';
import { createInFlight } from '../../../infra/local/driver/services/in-flight.ts';
import { synthesize, target } from '../template.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const HOUR_MS = 3_600_000;
const stack = synthesize('alice');

/** The queue of a consumer as the template has it, and what it gave up. */
function queueOf(name: keyof typeof FUNCTIONS) {
  const { id } = stack.functions().get(name) ?? expect.fail(`${name} is not in the stack`);
  const [mapping] = stack
    .all('AWS::Lambda::EventSourceMapping')
    .filter(([, properties]) => target(properties.FunctionName) === id);
  const { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy } = stack.get(
    target(mapping?.[1].EventSourceArn),
  ).Properties;
  const dead: Message[] = [];
  const queue = createQueue(
    {
      name,
      url: `http://local/${name}`,
      arn: `arn:${name}`,
      fifo: false,
      contentBasedDeduplication: false,
      deduplicatesWithinGroup: false,
      visibilityTimeoutMs: VisibilityTimeout * 1_000,
      delayMs: 0,
      maxReceiveCount: RedrivePolicy.maxReceiveCount,
      deadLetterQueue: () => ({ accept: (message) => void dead.push(message) }),
      isRead: true,
    },
    createInFlight(),
  );
  return { queue, dead, retentionMs: MessageRetentionPeriod * 1_000 };
}

it.each([
  ['cache-repeat', 2],
  ['group-seen', 48],
  ['group-seen', 96],
  ['cache-repeat', 25],
  ['cache-repeat', 48],
] as const)('a message of %s outlives an outage of %i hours', (name, hours) => {
  const { queue, dead, retentionMs } = queueOf(name);
  queue.send({ body: 'late' });
  // Whoever receives it fails, and it comes back when its visibility timeout is over.
  const endMs = Date.now() + hours * HOUR_MS;
  let receives = 0;
  while (Date.now() < endMs) {
    receives += queue.receive(10).length;
    vi.advanceTimersByTime(60_000);
  }
  expect(receives).toBeGreaterThan(hours);
  expect(dead).toEqual([]);
  expect(retentionMs).toBeGreaterThan(hours * HOUR_MS);

  vi.advanceTimersByTime(queue.visibilityTimeoutMs);
  expect(queue.receive(10).map(({ body }) => body)).toEqual(['late']);
});
