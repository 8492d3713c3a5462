import type { OutboxStore, RecordedEvent, RecordedEventFilter } from '../../stores/outbox.ts';
import type { Log } from '../deps.ts';
import { callsOf, type PutEvents } from './put-events.ts';

export type ReplayDeps = {
  readonly outbox: Pick<OutboxStore, 'eventsSince'>;
  readonly putEvents: PutEvents;
  /** Waits before what the bus refused is put again; `attempt` counts from 1. */
  readonly backOff: (attempt: number) => Promise<void>;
  readonly log: Pick<Log, 'error'>;
};

export type Replay = {
  readonly put: number;
  /** Events that the bus refused until the end; the log names them. */
  readonly refused: number;
  /**
   * What ended it early, and the time from which it is to be repeated; null where it came to its
   * end.
   */
  readonly stopped: { readonly from: string; readonly error: unknown } | null;
};

const ATTEMPTS = 8;
/** What the bus says of an event that it will never take. */
const finalReasons = new Set(['InvalidArgument', 'MalformedDetail']);

/**
 * Puts recorded events on the bus again as they are, under their own `eventId`, the oldest first.
 * Consumers that have seen one ignore it. What the bus refuses for now is put again with pauses
 * between; a failure to read or to reach the bus ends the replay, and the outcome says how far it
 * came.
 */
export async function replayEvents(deps: ReplayDeps, filter: RecordedEventFilter): Promise<Replay> {
  let put = 0;
  let refused = 0;
  let from = filter.since;
  try {
    for await (const batch of callsOf(deps.outbox.eventsSince(filter))) {
      from = batch[0]?.occurredAt ?? from;
      const left = await putBatch(deps, batch);
      put += batch.length - left;
      refused += left;
    }
    return { put, refused, stopped: null };
  } catch (error) {
    return { put, refused, stopped: { from, error } };
  }
}

/** Answers how many of the events the bus does not take. */
async function putBatch(deps: ReplayDeps, batch: readonly RecordedEvent[]): Promise<number> {
  let waiting = batch;
  let refused = 0;
  for (let attempt = 1; waiting.length > 0; attempt++) {
    if (attempt > 1) {
      await deps.backOff(attempt - 1);
    }
    const outcome = await putOnce(deps, waiting, attempt === ATTEMPTS);
    waiting = outcome.again;
    refused += outcome.refused;
  }
  return refused;
}

/** The events that are to be put again, and how many the bus will never take. */
async function putOnce(
  deps: ReplayDeps,
  events: readonly RecordedEvent[],
  isLastAttempt: boolean,
): Promise<{ readonly again: readonly RecordedEvent[]; readonly refused: number }> {
  const refusals = await deps.putEvents(events);
  const again: RecordedEvent[] = [];
  let refused = 0;
  for (const [index, event] of events.entries()) {
    const reason = refusals[index] ?? null;
    if (reason === null) {
      continue;
    }
    if (isLastAttempt || finalReasons.has(reason)) {
      refused++;
      logRefusal(deps, event, reason);
    } else {
      again.push(event);
    }
  }
  return { again, refused };
}

function logRefusal({ log }: ReplayDeps, event: RecordedEvent, reason: string): void {
  const { eventId, type, occurredAt } = event;
  log.error('The bus does not take an event.', { eventId, type, occurredAt, reason });
}
