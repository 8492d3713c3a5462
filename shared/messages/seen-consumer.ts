import type { Context } from 'aws-lambda';
import * as v from 'valibot';
import type { BusConsumerDeps } from './bus-consumer.ts';
import { consume, type Received } from './consume.ts';
import { bySchema } from './read-message.ts';
import { createRetry, retryDelayMs } from './retry.ts';

/** A `group.seen` of a batch; `detail` is what its producer put on the bus, whatever that is. */
export type SeenMessage = { readonly messageId: string; readonly detail: unknown };

const envelope = v.object({
  source: v.literal('baton.events'),
  'detail-type': v.literal('group.seen'),
  detail: v.record(v.string(), v.unknown()),
});

/**
 * The Lambda handler of the queue of `group.seen`, whose messages are worked on together. `work`
 * answers those that have to come again; what it throws brings all of them again, first within
 * seconds.
 */
export function seenConsumer(
  deps: BusConsumerDeps,
  work: (messages: readonly SeenMessage[], context: Context) => Promise<readonly string[]>,
) {
  return consume(deps, {
    queue: 'standard',
    read: bySchema(envelope),
    start(messages: readonly Received<v.InferOutput<typeof envelope>>[], context) {
      const seen = messages.map(({ messageId, body }) => ({ messageId, detail: body.detail }));
      const again = createRetry(context, deps.pause)(() => work(seen, context));
      return async ({ messageId, receives }) =>
        (await again).includes(messageId)
          ? { kind: 'later', delayMs: deps.hide ? retryDelayMs(receives) : null }
          : { kind: 'done' };
    },
    ...(deps.hide && { hide: deps.hide, delayAfterFailure: retryDelayMs }),
  });
}
