import type { Group } from '../../domain/issues/group.ts';
import { carriedLink } from '../../domain/sync/issue-link.ts';
import type { LinkStore } from '../../stores/sync/links.ts';
import type { Clock } from '../deps.ts';
import { stepAside } from '../step-aside.ts';
import { syncRequested } from './sync-facts.ts';

export type CarryLinksDeps = {
  readonly links: Pick<LinkStore, 'ofGroup' | 'idOf' | 'carry'>;
  readonly clock: Clock;
  readonly newEventId: () => string;
};

const maxAttempts = 10;

/**
 * Moves the links of a group that was merged away to its primary, each with the event that brings
 * it up to date there. A link that the primary has already stays as it is. Safe to repeat. Throws
 * where others keep writing to the links.
 */
export async function carryLinks(
  deps: CarryLinksDeps,
  input: {
    readonly childId: string;
    readonly primary: Pick<Group, 'id' | 'projectId'>;
    readonly requestId: string;
  },
): Promise<void> {
  const { childId, primary, requestId } = input;
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    if (attempt > 0) {
      await stepAside(attempt);
    }
    const links = await deps.links.ofGroup(childId);
    if (links.length === 0) {
      return;
    }
    for (const link of links) {
      const id = deps.links.idOf({ ...link, groupId: primary.id });
      const carried = carriedLink(link, { ...primary, linkId: id }, deps.clock());
      const event = syncRequested(deps, carried, { requestId, onDrift: 'adopt' });
      await deps.links.carry(link, carried, event);
    }
  }
  throw new Error(`Others keep writing to the links of group ${childId}.`);
}
