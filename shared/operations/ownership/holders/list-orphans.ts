import type { OrganizationId } from '../../../domain/ids.ts';
import type { Assignment } from '../../../domain/issues/assignee.ts';
import type { GroupStore } from '../../../stores/issues/groups.ts';
import type { OrphanStore } from '../../../stores/issues/orphans.ts';
import type { ProjectStore } from '../../../stores/projects/projects.ts';
import { type IssueRow, type Names, namesOf, type ReadIssueDeps } from '../../issues/read-issue.ts';

export type ListOrphansDeps = Pick<ReadIssueDeps, 'users' | 'teams'> & {
  readonly groups: Pick<GroupStore, 'withAssignments'>;
  readonly orphans: Pick<OrphanStore, 'page' | 'count'>;
  readonly projects: Pick<ProjectStore, 'byIds'>;
};

/** An open issue whose holder may not hold it. */
export type Orphan = Pick<IssueRow, 'group' | 'project'> & {
  readonly assignee: NonNullable<Assignment['assignee']>;
  readonly orphan: NonNullable<Assignment['orphan']>;
};

export type OrphanPage = {
  readonly orphans: readonly Orphan[];
  readonly names: Names;
  readonly total: number;
  readonly next: string | null;
  readonly previous: string | null;
};

/**
 * A page of an organization's open issues whose holder may not hold them, the latest assigned
 * first, with how many there are. Issues that the index still lists and that are none any more are
 * left out. Three round trips.
 */
export async function listOrphans(
  deps: ListOrphansDeps,
  input: {
    readonly organizationId: OrganizationId;
    readonly from?: string;
    readonly backwards?: boolean;
    readonly limit: number;
  },
): Promise<OrphanPage> {
  const { organizationId, from, backwards = false } = input;
  const [page, total] = await Promise.all([
    deps.orphans.page(organizationId, input),
    deps.orphans.count(organizationId),
  ]);
  const listed = backwards ? page.orphans.toReversed() : page.orphans;
  const rows = await deps.groups.withAssignments(
    listed.map(({ groupId }) => groupId),
    'eventual',
  );
  const held = listed.flatMap(({ groupId }) => {
    const row = rows.get(groupId);
    const { assignee, orphan } = row?.assignment ?? {};
    const isThere = row?.group.status === 'unresolved' && assignee && orphan;
    return isThere ? [{ group: row.group, assignee, orphan }] : [];
  });
  const [projects, names] = await Promise.all([
    deps.projects.byIds([...new Set(held.map(({ group }) => group.projectId))], 'eventual'),
    namesOf(
      deps,
      held.map(({ assignee }) => assignee),
    ),
  ]);
  const orphans = held.flatMap((one) => {
    const project = projects.get(one.group.projectId);
    return project?.status === 'active' ? [{ ...one, project }] : [];
  });
  const ahead = page.more ? (page.orphans.at(-1)?.position ?? null) : null;
  const behind = from === undefined ? null : (page.orphans[0]?.position ?? from);
  return backwards
    ? { orphans, names, total, next: behind, previous: ahead }
    : { orphans, names, total, next: ahead, previous: behind };
}
