import { notFound } from '../../domain/errors.ts';
import type { GroupId, LinkId } from '../../domain/ids.ts';
import { commitWithRetry } from '../../retry.ts';
import type { LinkStore } from '../../stores/sync/links.ts';

/** Ends a link; the external issue stays as it is. Throws `resource.not_found`. */
export async function unlinkIssue(
  deps: { readonly links: Pick<LinkStore, 'byId' | 'remove'> },
  { groupId, linkId }: { readonly groupId: GroupId; readonly linkId: LinkId },
): Promise<void> {
  const link = await deps.links.byId(groupId, linkId);
  if (link === undefined) {
    throw notFound();
  }
  await commitWithRetry(() => deps.links.remove(link));
}
