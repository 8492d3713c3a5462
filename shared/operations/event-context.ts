import type { UserId } from '../domain/ids.ts';

/**
 * Who asked for a change: the user if there is one, the request that its events will name, and the
 * operation that it is part of.
 */
export type Initiator = {
  readonly actingUserId: UserId | null;
  readonly requestId: string;
  readonly operationId?: string;
};

/** The same initiator, for what is part of an operation where there is one. */
export function partOf(
  initiator: Initiator,
  operation: { readonly operationId: string } | null,
): Initiator {
  return operation === null ? initiator : { ...initiator, operationId: operation.operationId };
}

/** The initiator of what Baton does by itself: no user, and the request or schedule behind it. */
export function systemInitiator(requestId: string): Initiator {
  return { actingUserId: null, requestId };
}

/**
 * The part of the envelope that all events of a request share: a new id, the time, the acting user,
 * and the operation that they are part of.
 */
export function eventContext(
  deps: { readonly newEventId: () => string },
  { actingUserId, requestId, operationId }: Initiator,
  occurredAt: string,
) {
  return {
    eventId: deps.newEventId(),
    occurredAt,
    requestId,
    actor: actingUserId === null ? null : ({ type: 'user', id: actingUserId } as const),
    ...(operationId === undefined ? {} : { operationId }),
  };
}
