import type { ProjectId } from '../../domain/ids.ts';
import type { IndexedGroup } from '../../domain/issues/indexed-group.ts';
import type { IssueListStore } from '../../stores/issues/issue-lists.ts';
import type { WorkPage } from './work.ts';

export type OpenIssuesDeps = { readonly issueLists: Pick<IssueListStore, 'page'> };

/** Issues that are worked on together. */
const PAGE_SIZE = 100;

/**
 * A page of the open issues of projects, project by project in the order of their ids, those that
 * were seen longest ago first: an issue that is seen during the walk moves to where the walk has
 * yet to come, so none is missed, and some come twice. One round trip.
 */
export async function pageOfOpenIssues(
  deps: OpenIssuesDeps,
  projectIds: readonly ProjectId[],
  position: string | null,
): Promise<Omit<WorkPage, 'groupIds' | 'apply'> & { readonly issues: readonly IndexedGroup[] }> {
  const [startProject = '', from = ''] = (position ?? '').split('/');
  const ids = projectIds.toSorted();
  const projectId = ids.find((id) => id >= startProject);
  if (projectId === undefined) {
    return { issues: [], next: null, last: null };
  }
  const isStarted = projectId === startProject && from !== '';
  const { rows, more } = await deps.issueLists.page(
    { projectId, status: 'unresolved' },
    { limit: PAGE_SIZE, backwards: true, ...(isStarted ? { from } : {}) },
  );
  const at = rows.at(-1)?.position;
  const last = at === undefined ? null : `${projectId}/${at}`;
  const following = ids.find((id) => id > projectId);
  const nextProject = following === undefined ? null : `${following}/`;
  return { issues: rows.map(({ group }) => group), next: more ? last : nextProject, last };
}
