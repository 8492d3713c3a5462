import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { BusEvent } from '../domain/events.ts';
import { readBusEvent } from './bus-event.ts';
import { type ConsumerDeps, consume } from './consume.ts';
import { SUBSCRIPTIONS, type SubscribedType, type SubscriberName } from './subscriptions.ts';

/** The Lambda handler of a function that hears Baton's events, each of them by itself. */
export function busConsumer<const N extends SubscriberName>(
  deps: ConsumerDeps,
  functionName: N,
  work: (event: BusEvent<SubscribedType<N>>, context: Context) => Promise<void>,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const types: readonly SubscribedType<N>[] = SUBSCRIPTIONS[functionName];
  return consume<BusEvent<SubscribedType<N>>>(deps, {
    queue: 'standard',
    read: readBusEvent(types),
    describe: (event) => describeEvent(event as BusEvent),
    start: (_, context) => async (message) => {
      await work(message.body, context);
      return { kind: 'done' };
    },
  });
}

function describeEvent({ type, detail }: Pick<BusEvent, 'type' | 'detail'>) {
  return { type, eventId: detail.eventId, about: detail.aggregateId };
}
