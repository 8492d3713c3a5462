import type { Context, ScheduledEvent } from 'aws-lambda';
import { cascadeDue } from '../../shared/operations/cascades/cascade-due.ts';
import { wireClockAndIds, wireTable, wireTelemetry } from '../../shared/wiring.ts';

const deps = { ...wireTable(), ...wireClockAndIds(), ...wireTelemetry() };
/** What one page may still need when the function's time runs out. */
const RESERVE_MS = 10_000;

/** Sends workers after the deletions that are due, and after those whose worker was lost. */
export async function handler(_event: ScheduledEvent, context: Context): Promise<void> {
  deps.log.begin(context);
  const sent = await cascadeDue(deps, {
    requestId: context.awsRequestId,
    hasTime: () => context.getRemainingTimeInMillis() > RESERVE_MS,
  });
  if (sent > 0) {
    deps.log.info('Deletions that are due were handed to workers.', { sent });
  }
}
