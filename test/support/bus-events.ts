import { FUNCTIONS } from '../../infra/functions.ts';
import { compilePattern } from '../../infra/local/driver/events/pattern.ts';
import type { BusEvent } from '../../shared/domain/events.ts';
import { readBusEvent } from '../../shared/messages/bus-event.ts';
import {
  SUBSCRIPTIONS,
  type SubscribedType,
  type SubscriberName,
} from '../../shared/messages/subscriptions.ts';

/** Whether the rule of a function lets an event through. */
export function hears(
  functionName: SubscriberName,
  { type, detail }: { readonly type: string; readonly detail: object },
): boolean {
  const { trigger } = FUNCTIONS[functionName];
  const asked = 'detail' in trigger ? { detail: trigger.detail } : {};
  return compilePattern(
    { type: [...trigger.detailTypes], ...asked },
    functionName,
  )({
    type,
    detail,
  });
}

/**
 * An event as a function reads it from its queue. Throws for one that the function does not hear or
 * cannot read.
 */
export function heardBy<const N extends SubscriberName>(
  functionName: N,
  { type, detail }: { readonly type: string; readonly detail: object },
): BusEvent<SubscribedType<N>> {
  const types: readonly SubscribedType<N>[] = SUBSCRIPTIONS[functionName];
  const reading = readBusEvent(types)({ source: 'baton', 'detail-type': type, detail });
  if (!reading.ok) {
    throw new Error(`${functionName} cannot read ${type}: ${reading.reason}.`);
  }
  return reading.value;
}
