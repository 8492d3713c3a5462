import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { BusEvent } from '../domain/events.ts';
import { readBusEvent } from './bus-event.ts';
import { type ConsumerDeps, consume, type Outcome } from './consume.ts';
import type { HideMessage } from './hide-message.ts';
import { createRetry, type Pause, retryDelayMs } from './retry.ts';
import { SUBSCRIPTIONS, type SubscribedType, type SubscriberName } from './subscriptions.ts';

export type BusConsumerDeps = ConsumerDeps & {
  /** Null, or absent, in a function that cannot reach SQS. */
  readonly hide?: HideMessage | null;
  readonly pause?: Pause;
};

/**
 * The Lambda handler of a function that hears Baton's events, each of them by itself. Work that
 * fails is tried again within seconds, then the message is hidden for seconds to minutes where that
 * can be asked for. Work that answers nothing is done.
 */
export function busConsumer<const N extends SubscriberName>(
  deps: BusConsumerDeps,
  functionName: N,
  work: (event: BusEvent<SubscribedType<N>>, context: Context) => Promise<Outcome> | Promise<void>,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const types: readonly SubscribedType<N>[] = SUBSCRIPTIONS[functionName];
  return consume<BusEvent<SubscribedType<N>>>(deps, {
    queue: 'standard',
    read: readBusEvent(types),
    describe: (event) => describeEvent(event as BusEvent),
    start: (_, context) => {
      const retry = createRetry(context, deps.pause);
      return async ({ body }) => {
        const outcome = await retry(async () => work(body, context));
        return outcome ?? { kind: 'done' };
      };
    },
    ...(deps.hide && { hide: deps.hide, delayAfterFailure: retryDelayMs }),
  });
}

function describeEvent({ type, detail }: Pick<BusEvent, 'type' | 'detail'>) {
  return { type, eventId: detail.eventId, about: detail.aggregateId };
}
