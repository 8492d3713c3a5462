import { toOrganizationEventRecord } from '../../../domain/events.ts';
import type { OrganizationStore } from '../../../stores/directory/organizations.ts';
import type { OutboxRecorder } from '../../../stores/outbox.ts';
import type { Clock } from '../../deps.ts';
import { eventContext, systemInitiator } from '../../event-context.ts';

export type ReviewOrganizationsDeps = {
  readonly organizations: Pick<OrganizationStore, 'pages'>;
  readonly outbox: Pick<OutboxRecorder, 'record'>;
  readonly clock: Clock;
  readonly newEventId: () => string;
};

/** Organizations whose reviews one transaction asks for. */
const BATCH_SIZE = 50;

/**
 * Asks for a review of the assignments of every organization, which workers then do: what the
 * events of causes missed is found so. Answers how many organizations there are.
 */
export async function reviewOrganizations(
  deps: ReviewOrganizationsDeps,
  requestId: string,
): Promise<number> {
  let asked = 0;
  for await (const page of deps.organizations.pages()) {
    for (let start = 0; start < page.length; start += BATCH_SIZE) {
      const batch = page.slice(start, start + BATCH_SIZE);
      await deps.outbox.record(
        batch.map(({ id: organizationId }) =>
          toOrganizationEventRecord(
            {
              type: 'assignments.review_requested',
              version: 1,
              data: { holder: null, projectId: null, position: null },
            },
            { ...eventContext(deps, systemInitiator(requestId), deps.clock()), organizationId },
          ),
        ),
      );
      asked += batch.length;
    }
  }
  return asked;
}
