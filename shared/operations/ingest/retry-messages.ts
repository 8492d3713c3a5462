import type { Log } from '../deps.ts';
import type { Arrived, Unit } from './sort-into-groups.ts';

/**
 * The ids of messages that SQS has to deliver again: all where the work fails, else what it says.
 */
export async function messagesToRetry(
  deps: { readonly log: Log },
  arrived: readonly Arrived[],
  work: () => Promise<string[]>,
): Promise<string[]> {
  try {
    return await work();
  } catch (error) {
    deps.log.error('Events could not be recorded; they will come again.', {
      eventIds: arrived.slice(0, 20).map(({ event }) => event.eventId),
      events: arrived.length,
      project: arrived[0]?.event.project,
      reason: error instanceof Error ? error.message : String(error),
    });
    return arrived.flatMap(idsOf);
  }
}

export function messagesOf({ fresh, unfinished }: Unit): Arrived[] {
  return [...fresh, ...unfinished];
}

export function idsOf({ messageIds }: Arrived): readonly string[] {
  return messageIds;
}
