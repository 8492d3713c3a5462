import type { Context, ScheduledEvent } from 'aws-lambda';
import { wakeDueSenders } from '../../shared/operations/webhooks/wake-due.ts';
import { wireWebhookSendingTable } from '../../shared/wire-webhooks.ts';
import { wireClockAndIds, wireTelemetry, wireWebhookQueue } from '../../shared/wiring.ts';

const deps = {
  ...wireWebhookSendingTable(),
  ...wireClockAndIds(),
  ...wireTelemetry(),
  ...wireWebhookQueue(),
};
/** What one page may still need when the function's time runs out. */
const RESERVE_MS = 10_000;

/** Has webhooks sent whose next attempt is due. */
export async function handler(_event: ScheduledEvent, context: Context): Promise<void> {
  deps.log.begin(context);
  await wakeDueSenders(deps, { hasTime: () => context.getRemainingTimeInMillis() > RESERVE_MS });
}
