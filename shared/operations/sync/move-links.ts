import type { GroupId } from '../../domain/ids.ts';
import type { Group } from '../../domain/issues/group.ts';
import { movedLink } from '../../domain/sync/issue-link.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type { GroupStore } from '../../stores/issues/groups.ts';
import type { LinkStore } from '../../stores/sync/links.ts';
import type { Clock } from '../deps.ts';
import { syncRequested } from './link-facts.ts';

export type MoveLinksDeps = {
  readonly groups: Pick<GroupStore, 'withAssignments'>;
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
    for (const link of links) {
      const to = (await deps.groups.withAssignments([primary.id])).get(primary.id);
      if (to === undefined) {
        return undefined;
      }
      const id = deps.links.idOf({ ...link, groupId: primary.id });
      const moved = movedLink(link, { ...primary, linkId: id }, deps.clock());
      const event = syncRequested(deps, moved, { requestId, onDrift: 'adopt' });
      await deps.links.move(link, moved, to, event);
    }
    return links.length === 0 ? undefined : AGAIN;
  });
}
