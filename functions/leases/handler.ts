import type { Context, ScheduledEvent } from 'aws-lambda';
import { endLeases } from '../../shared/operations/ownership/holders/end-leases.ts';
import { wireLeases } from './deps.ts';

const deps = wireLeases();
/** What one page may still need when the function's time runs out. */
const RESERVE_MS = 10_000;

/** Ends the assignments whose time has run out, and tells of those that are about to end. */
export async function handler(_event: ScheduledEvent, context: Context): Promise<void> {
  deps.log.begin(context);
  const done = await endLeases(deps, {
    requestId: context.awsRequestId,
    hasTime: () => context.getRemainingTimeInMillis() > RESERVE_MS,
  });
  if (done.ended + done.told > 0) {
    deps.log.info('Assignments ended by themselves, or are about to.', done);
  }
}
