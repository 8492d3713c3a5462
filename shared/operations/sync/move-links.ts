import type { GroupId } from '../../domain/ids.ts';
import type { Group } from '../../domain/issues/group.ts';
import { movedLink } from '../../domain/sync/issue-link.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { LinkStore } from '../../stores/sync/links.ts';
import type { Clock } from '../deps.ts';
import { syncRequested } from './link-facts.ts';

export type MoveLinksDeps = {
  readonly links: Pick<LinkStore, 'ofGroup' | 'idOf' | 'move'>;
  readonly clock: Clock;
  readonly newEventId: () => string;
};

/**
 * Moves the links of a group that was merged away to its primary, each with the event that brings
 * it up to date there. A link that the primary has already stays as it is. Safe to repeat. Throws
 * `conflict` where others keep writing to the links.
 */
export async function moveLinks(
  deps: MoveLinksDeps,
  input: {
    readonly childId: GroupId;
    readonly primary: Pick<Group, 'id' | 'projectId'>;
    readonly requestId: string;
  },
): Promise<void> {
  const { childId, primary, requestId } = input;
  await redecide(async () => {
    const links = await deps.links.ofGroup(childId);
    if (links.length === 0) {
      return undefined;
    }
    for (const link of links) {
      const id = deps.links.idOf({ ...link, groupId: primary.id });
      const moved = movedLink(link, { ...primary, linkId: id }, deps.clock());
      const event = syncRequested(deps, moved, { requestId, onDrift: 'adopt' });
      await deps.links.move(link, moved, event);
    }
    return AGAIN;
  });
}
