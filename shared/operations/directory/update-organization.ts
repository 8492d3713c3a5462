import type { Organization, OrganizationSettings } from '../../domain/directory.ts';
import { notFound } from '../../domain/errors.ts';
import { type NewOrganizationEvent, toOrganizationEventRecord } from '../../domain/events.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { namesChanged } from '../../domain/ownership/project-ownership.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { RegistrationStore } from '../../stores/directory/registrations.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { type ForgetNamesDeps, forgetNames } from '../ownership/forget-rules.ts';

export type UpdateOrganizationDeps = ForgetNamesDeps & {
  readonly organizations: Pick<OrganizationStore, 'byId'>;
  readonly registrations: Pick<RegistrationStore, 'updateOrganization'>;
  readonly clock: Clock;
  readonly newEventId: () => string;
};

/**
 * Changes the name of an organization, whether its membership is open, and what becomes of issues
 * whose holder may not hold them, or whose lease has run out. Who may be an owner
 * follows from the latter, so the rules that are cached are stale after it. Nothing is written
 * where nothing changes. Throws `resource.not_found` for an organization that is gone.
 */
export async function updateOrganization(
  deps: UpdateOrganizationDeps,
  organizationId: OrganizationId,
  asked: Partial<OrganizationSettings>,
  initiator: Initiator,
): Promise<Organization> {
  return redecide(async () => {
    const read = await deps.organizations.byId(organizationId);
    if (read === undefined) {
      throw notFound();
    }
    return change(deps, read, { ...read, ...asked }, initiator);
  });
}

async function change(
  deps: UpdateOrganizationDeps,
  read: Organization,
  after: Organization,
  initiator: Initiator,
): Promise<Organization | typeof AGAIN> {
  const isReopened = after.openMembership !== read.openMembership;
  const isSame = after.name === read.name && after.orphanPolicy === read.orphanPolicy;
  if (!isReopened && isSame) {
    return read;
  }
  const organizationId = read.id;
  // Who may hold issues follows from it too.
  const happened: readonly NewOrganizationEvent[] = isReopened
    ? [
        namesChanged(['memberships']),
        {
          type: 'assignments.review_requested',
          version: 1,
          data: { holder: null, projectId: null, position: null },
        },
      ]
    : [];
  const events = happened.map((event) =>
    toOrganizationEventRecord(event, {
      ...eventContext(deps, initiator, deps.clock()),
      organizationId,
    }),
  );
  const { committed } = await deps.registrations.updateOrganization(read, after, events);
  if (committed && isReopened) {
    await forgetNames(deps, organizationId);
  }
  return committed ? after : AGAIN;
}
