import type { Context } from 'aws-lambda';
import * as v from 'valibot';
import { type ConsumerDeps, consume, type Received } from './consume.ts';
import { bySchema } from './read-message.ts';

/** A `group.seen` of a batch; `detail` is what its producer put on the bus, whatever that is. */
export type SeenMessage = { readonly messageId: string; readonly detail: unknown };

const envelope = v.object({
  source: v.literal('baton.events'),
  'detail-type': v.literal('group.seen'),
  detail: v.record(v.string(), v.unknown()),
});

/**
 * The Lambda handler of the queue of `group.seen`, whose messages are worked on together. `work` answers those that have to
 * come again; what it throws brings all of them again.
 */
export function seenConsumer(
  deps: ConsumerDeps,
  work: (messages: readonly SeenMessage[], context: Context) => Promise<readonly string[]>,
) {
  return consume(deps, {
    queue: 'standard',
    read: bySchema(envelope),
    start(messages: readonly Received<v.InferOutput<typeof envelope>>[], context) {
      const again = work(
        messages.map(({ messageId, body }) => ({ messageId, detail: body.detail })),
        context,
      );
      return async ({ messageId }) =>
        (await again).includes(messageId) ? { kind: 'later', delayMs: null } : { kind: 'done' };
    },
  });
}
