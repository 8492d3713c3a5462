import type { Context, ScheduledEvent } from 'aws-lambda';
import { reviewOrganizations } from '../../shared/operations/ownership/holders/review-organizations.ts';
import { wireClockAndIds, wireTable, wireTelemetry } from '../../shared/wiring.ts';

const deps = { ...wireTable(), ...wireClockAndIds(), ...wireTelemetry() };

/** Has the holders of all open issues reviewed, once a day. */
export async function handler(_event: ScheduledEvent, context: Context): Promise<void> {
  deps.log.begin(context);
  const organizations = await reviewOrganizations(deps, context.awsRequestId);
  deps.log.info('Organizations are reviewed for issues whose holder may not hold them.', {
    organizations,
  });
}
