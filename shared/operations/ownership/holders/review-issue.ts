import type { GroupId, OrganizationId } from '../../../domain/ids.ts';
import type { OrganizationStore } from '../../../stores/directory/organizations.ts';
import { type ReviewHoldersDeps, reviewAll } from './review-holders.ts';

export type ReviewIssueDeps = ReviewHoldersDeps & {
  readonly organizations: Pick<OrganizationStore, 'byId'>;
};

/**
 * Reviews whether one issue is held by somebody who may hold it: it became open, and while it was
 * not, nobody looked. Throws `conflict` where others kept changing it.
 */
export async function reviewIssue(
  deps: ReviewIssueDeps,
  input: {
    readonly organizationId: OrganizationId;
    readonly groupId: GroupId;
    readonly requestId: string;
  },
): Promise<void> {
  const { organizationId, groupId, requestId } = input;
  const organization = await deps.organizations.byId(organizationId);
  if (organization !== undefined) {
    await reviewAll(deps, { organization, requestId, leftProjectId: null }, [groupId]);
  }
}
