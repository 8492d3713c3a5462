import type { Context, ScheduledEvent } from 'aws-lambda';
import { unsnoozeGroups } from '../../shared/operations/issues/unsnooze-groups.ts';
import { wireClockAndIds, wireTable, wireTelemetry } from '../../shared/wiring.ts';

const deps = { ...wireTable(), ...wireClockAndIds(), ...wireTelemetry() };
/** What one page may still need when the function's time runs out. */
const RESERVE_MS = 10_000;

/** Reopens the issues whose archive has run out. */
export async function handler(_event: ScheduledEvent, context: Context): Promise<void> {
  deps.log.begin(context);
  const reopened = await unsnoozeGroups(deps, {
    requestId: context.awsRequestId,
    hasTime: () => context.getRemainingTimeInMillis() > RESERVE_MS,
  });
  if (reopened > 0) {
    deps.log.info('Archived issues were reopened.', { reopened });
  }
}
