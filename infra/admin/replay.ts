import { parseArgs } from 'node:util';
import { createPutEvents } from '../../shared/messages/bus.ts';
import type { PutEvents } from '../../shared/operations/outbox/put-events.ts';
import { replayEvents } from '../../shared/operations/outbox/replay-events.ts';
import { type BackOffSchedule, backOff } from '../../shared/retry.ts';
import {
  createOutboxStore,
  OUTBOX_RETENTION_SECONDS,
  type OutboxStore,
  type RecordedEventFilter,
} from '../../shared/stores/outbox.ts';
import { createTable } from '../../shared/stores/table.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';
import { CONNECTION_OPTIONS, connect } from './connect.ts';
import { parseTime } from './time.ts';

export const REPLAY_USAGE =
  'replay --since T [--until T] [--type NAME] [--stage NAME | --url URL] [--dry-run]';

/** The bus limits events per second: at most 200, 400, 800, ... ms and 10 s before a retry. */
const BETWEEN_PUTS: BackOffSchedule = { firstMs: 100, longestMs: 10_000 };

/**
 * `replay`: puts recorded events on the bus again. Returns whether the bus took all of them.
 *
 * @throws Error about an invalid argument or an unknown stack
 */
export async function replay(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      since: { type: 'string' },
      until: { type: 'string' },
      type: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      ...CONNECTION_OPTIONS,
    },
  });
  const filter = filterOf(values, Date.now());
  const stack = await connect(values, ['table', 'bus']);
  const outbox = createOutboxStore(createTable({ client: stack.dynamodb, name: stack.table }));
  const which = `recorded from ${filter.since} to ${filter.until}`;
  if (values['dry-run']) {
    console.log(`Found ${await describe(outbox, filter)} ${which} in ${stack.name}.`);
    return true;
  }

  const progress = createProgress();
  progress.step('Putting events on the bus');
  const { put, refused, stopped } = await replayEvents(
    {
      outbox,
      putEvents: withProgress(createPutEvents(stack.eventbridge, stack.bus), progress),
      backOff: (attempt) => backOff(attempt, BETWEEN_PUTS),
      log: { error: (message, about) => progress.note(`${message} ${JSON.stringify(about)}`) },
    },
    filter,
  );
  progress.end();
  console.log(`Put ${count(put)} ${which} on the bus ${stack.bus} of ${stack.name} again.`);
  if (refused > 0) {
    console.error(`${count(refused)} could not be put; they are listed above.`);
  }
  if (stopped !== null) {
    console.error(
      `It stopped early: ${(stopped.error as Error).message}\n` +
        `Repeat it with --since ${stopped.from}.`,
    );
  }
  return refused === 0 && stopped === null;
}

function filterOf(
  given: { since?: string | undefined; until?: string | undefined; type?: string | undefined },
  nowMs: number,
): RecordedEventFilter {
  if (given.since === undefined) {
    throw new Error('--since is missing: the time of the first event.');
  }
  const sinceMs = parseTime('--since', given.since, nowMs);
  const untilMs = given.until === undefined ? nowMs : parseTime('--until', given.until, nowMs);
  if (sinceMs < nowMs - OUTBOX_RETENTION_SECONDS * 1_000) {
    throw new Error(
      `--since ${given.since} is too long ago: ` +
        `events are kept for ${OUTBOX_RETENTION_SECONDS / 86_400} days.`,
    );
  }
  if (untilMs > nowMs) {
    throw new Error(`--until ${given.until} is in the future.`);
  }
  if (sinceMs >= untilMs) {
    throw new Error('--since must be before --until, and before now.');
  }
  return {
    since: new Date(sinceMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    type: given.type ?? null,
  };
}

/**
 * Describes the number of events of each type: `3 events (2 issue.assigned, 1 project.created)`.
 */
async function describe(outbox: OutboxStore, filter: RecordedEventFilter): Promise<string> {
  const counts = new Map<string, number>();
  let total = 0;
  for await (const { type } of outbox.eventsSince(filter)) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
    total++;
  }
  const types = [...counts].map(([type, number]) => `${number} ${type}`);
  return total === 0 ? 'no events' : `${count(total)} (${types.join(', ')})`;
}

function withProgress(putEvents: PutEvents, progress: Progress): PutEvents {
  let put = 0;
  return async (events) => {
    const refusals = await putEvents(events);
    put += refusals.filter((refusal) => refusal === null).length;
    progress.count(put);
    return refusals;
  };
}

function count(number: number): string {
  return number === 1 ? '1 event' : `${number} events`;
}
