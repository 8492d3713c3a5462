import type { TrackerFailure, TrackerReply } from '../../../shared/domain/sync/failure.ts';

/** What a tracker answered; throws when it failed. */
export function value<T>(reply: TrackerReply<T>): T {
  if (!reply.ok) {
    throw new Error(`${reply.failure.kind}: ${reply.failure.reason}`);
  }
  return reply.value;
}

/** Why a tracker failed; throws when it did not. */
export function failure(reply: TrackerReply<unknown>): TrackerFailure {
  if (reply.ok) {
    throw new Error(`A failure was expected, but the answer was ${JSON.stringify(reply.value)}`);
  }
  return reply.failure;
}
