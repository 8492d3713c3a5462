import type { Context, ScheduledEvent } from 'aws-lambda';
import { sweepLinks } from '../../shared/operations/sync/sweep-links.ts';
import { wireSweeper } from './deps.ts';

const deps = wireSweeper();
/** What one page may still need when the function's time runs out. */
const RESERVE_MS = 10_000;

/** Has links to external issues looked at that nobody else would look at. */
export async function handler(_event: ScheduledEvent, context: Context): Promise<void> {
  deps.log.begin(context);
  const swept = await sweepLinks(deps, {
    requestId: context.awsRequestId,
    hasTime: () => context.getRemainingTimeInMillis() > RESERVE_MS,
  });
  deps.log.info('Links are being looked at.', swept);
}
