import { notFound } from '../../domain/errors.ts';
import type { GroupId, IntegrationId, LinkId } from '../../domain/ids.ts';
import { commitWithRetry } from '../../retry.ts';
import type { LinkStore } from '../../stores/sync/links.ts';

/**
 * Ends a link; the external issue stays as it is. Throws `resource.not_found`, also for a link to
 * another tracker than the one that is named.
 */
export async function unlinkIssue(
  deps: { readonly links: Pick<LinkStore, 'byId' | 'remove'> },
  {
    groupId,
    linkId,
    integrationId,
  }: {
    readonly groupId: GroupId;
    readonly linkId: LinkId;
    readonly integrationId?: IntegrationId;
  },
): Promise<void> {
  const link = await deps.links.byId(groupId, linkId);
  if (link === undefined || link.integrationId !== (integrationId ?? link.integrationId)) {
    throw notFound();
  }
  await commitWithRetry(() => deps.links.remove(link));
}
