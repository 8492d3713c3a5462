import type { Organization } from '../../domain/directory.ts';
import { isVisible } from '../../domain/issues/group.ts';
import { startChanges } from '../../domain/issues/group-changes.ts';
import { changeStatus } from '../../domain/issues/group-status.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { AssignedGroupRow, GroupStore } from '../../stores/issues/groups.ts';
import { systemInitiator } from '../event-context.ts';
import { type ChangeGroupDeps, changeGroup, completeFacts } from './change-group.ts';

export type UnsnoozeDeps = Omit<ChangeGroupDeps, 'groups'> & {
  readonly groups: Pick<GroupStore, 'withAssignments' | 'dueToUnsnooze'>;
  readonly organizations: Pick<OrganizationStore, 'byIds'>;
};

const PAGE_SIZE = 100;
const WIDTH = 8;

/**
 * Reopens the groups whose archive has run out, page by page, until none is due or `hasTime` says
 * no; the next run goes on from there. A group whose archive was renewed meanwhile is left alone.
 * Answers how many were reopened.
 */
export async function unsnoozeGroups(
  deps: UnsnoozeDeps,
  input: { readonly requestId: string; readonly hasTime: () => boolean },
): Promise<number> {
  let reopened = 0;
  while (input.hasTime()) {
    const now = deps.clock();
    const due = await deps.groups.dueToUnsnooze(now, PAGE_SIZE);
    if (due.length === 0) {
      break;
    }
    const [rows, found] = await Promise.all([
      deps.groups.withAssignments(due.map(({ group }) => group.id)),
      deps.organizations.byIds([...new Set(due.map(({ group }) => group.organizationId))]),
    ]);
    const organizations = new Map(found.map((organization) => [organization.id, organization]));
    const archived = [...rows.values()].filter(({ group }) => isVisible(group.status));
    const done = await mapConcurrently(WIDTH, archived, async (row) => {
      const organization = organizations.get(row.group.organizationId);
      return organization !== undefined && reopen(deps, row, organization, input.requestId);
    });
    const inThisPage = done.filter(Boolean).length;
    reopened += inThisPage;
    // The index may show for a moment what was reopened just now: without progress, the rest waits
    // for the next run.
    if (inThisPage === 0 || due.length < PAGE_SIZE) {
      break;
    }
  }
  return reopened;
}

async function reopen(
  deps: UnsnoozeDeps,
  row: AssignedGroupRow,
  organization: Organization,
  requestId: string,
): Promise<boolean> {
  let wasDue = false;
  const outcome = await changeGroup(
    deps,
    {
      groupId: row.group.id,
      organization,
      facts: await completeFacts(deps, row, organization),
      initiator: systemInitiator(requestId),
    },
    (current, now) => {
      const changes = startChanges(current, { now, actingUserId: null });
      const until = current.group.statusDetails.ignoreUntil;
      wasDue = current.group.status === 'ignored' && typeof until === 'string' && until <= now;
      if (!wasDue) {
        return changes;
      }
      return changeStatus(changes, {
        status: 'unresolved',
        substatus: 'ongoing',
        resolvedIn: null,
        conditions: {},
      });
    },
  );
  return wasDue && outcome.kind === 'committed';
}
