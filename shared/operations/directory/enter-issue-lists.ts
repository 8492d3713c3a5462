import type { OrganizationId, ProjectId } from '../../domain/ids.ts';
import { groupStatuses } from '../../domain/issues/group.ts';
import { mapConcurrently } from '../../map-concurrently.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { IssueListEntryStore } from '../../stores/issues/issue-list-entries.ts';
import type { DeletionStore } from '../../stores/projects/deletions.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import { type WalkIssuesDeps, walkIssues } from '../issues/walk-issues.ts';

export type EnterIssueListsDeps = WalkIssuesDeps & {
  readonly organizations: Pick<OrganizationStore, 'pages'>;
  readonly projects: Pick<ProjectStore, 'idsOfOrganization'>;
  readonly deletions: Pick<DeletionStore, 'due'>;
  readonly issueListEntries: IssueListEntryStore;
  /** Called with how many issues were entered since it was called last. */
  readonly onEntered?: (issues: number) => void;
};

/** What was done for one organization. */
export type EnteredOrganization = { readonly slug: string; readonly entered: number };

/** Groups that are entered at the same time. */
const WIDTH = 16;
const PAGE = 100;
/** Deletions that may still be taken back, and later than any of them is due. */
const MOST_DELETIONS = 1_000;
const END_OF_TIME = '9999';

/**
 * Enters the issues from before December 2026 in the lists of their organizations, beside live
 * traffic, and says of each organization when its lists are complete: until then its lists are
 * walked project by project. Safe to repeat: what is entered already costs a read.
 */
export async function* enterIssueLists(
  deps: EnterIssueListsDeps,
): AsyncGenerator<EnteredOrganization> {
  const pending = await deps.deletions.due(END_OF_TIME, MOST_DELETIONS);
  for await (const page of deps.organizations.pages()) {
    for (const { id, slug } of page) {
      const deleted = pending.filter(({ organizationId }) => organizationId === id);
      const projectIds = [
        ...(await deps.projects.idsOfOrganization(id)),
        ...deleted.map(({ projectId }) => projectId),
      ];
      yield { slug, entered: await enterOrganization(deps, id, projectIds) };
    }
  }
}

/** Walks the projects until a walk finds nothing that has to be entered. */
async function enterOrganization(
  deps: EnterIssueListsDeps,
  organizationId: OrganizationId,
  projectIds: readonly ProjectId[],
): Promise<number> {
  let entered = 0;
  for (let found = -1; found !== 0; ) {
    found = 0;
    for (const projectId of projectIds) {
      found += await enterProject(deps, projectId);
    }
    entered += found;
  }
  await deps.issueListEntries.complete(organizationId);
  return entered;
}

/**
 * Walks the lists of a project, what was seen long ago first: an issue that is seen again meanwhile
 * moves ahead of the walk, and one that changes its state is entered by that.
 */
async function enterProject(deps: EnterIssueListsDeps, projectId: ProjectId): Promise<number> {
  const lists = groupStatuses.map((status) => ({ projectId, status }));
  let entered = 0;
  for await (const batch of walkIssues(deps, { lists, wanted: PAGE, backwards: true })) {
    const missing = await deps.issueListEntries.missing(batch.map(({ group }) => group.id));
    await mapConcurrently(WIDTH, missing, (id) => deps.issueListEntries.enter(id));
    entered += missing.length;
    deps.onEntered?.(missing.length);
  }
  return entered;
}
