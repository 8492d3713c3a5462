import type { PlannedIssue } from '../../../domain/bulk/forecast.ts';
import { bytesOf, PLAN_PAGE, type Plan } from '../../../domain/bulk/plan.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import { type Group, isVisible } from '../../../domain/issues/group.ts';
import type { Project } from '../../../domain/projects/project.ts';
import type { PlanStore } from '../../../stores/bulk/plans.ts';
import type { GroupStore } from '../../../stores/issues/groups.ts';
import type { ProjectStore } from '../../../stores/projects/projects.ts';
import type { Clock } from '../../deps.ts';
import { type Names, namesOf, type ReadIssueDeps } from '../../issues/read-issue.ts';
import type { PageAsked, PageBeside } from '../read-operations.ts';

type NamesDeps = Pick<ReadIssueDeps, 'users' | 'teams'>;

/** Whoever made plans, by their names. One round trip. */
export function namesOfPlanners(deps: NamesDeps, plans: readonly Plan[]): Promise<Names> {
  return namesOf(
    deps,
    plans.flatMap(({ createdBy }) => createdBy ?? []),
  );
}

/** Of ids that are not there a page of plans lists so many bytes: an answer may have 6 MB. */
const MOST_BYTES = 3_000_000;

/**
 * A page of an organization's plans, newest first. It ends early where plans list many ids that are
 * not there. Three round trips.
 */
export async function listPlans(
  deps: NamesDeps & {
    readonly plans: Pick<PlanStore, 'page' | 'positionOf'>;
    readonly clock: Clock;
  },
  organizationId: OrganizationId,
  asked: PageAsked,
): Promise<PageBeside & { readonly plans: readonly Plan[]; readonly names: Names }> {
  const page = await deps.plans.page(organizationId, asked, deps.clock());
  const plans = thatFit(page.plans);
  const names = await namesOfPlanners(deps, plans);
  const positionAt = (index: number) => {
    const plan = plans.at(index);
    return plan === undefined ? null : deps.plans.positionOf(plan);
  };
  const end = plans.length < page.plans.length ? positionAt(-1) : page.end;
  const start = asked.from === undefined ? null : (positionAt(0) ?? asked.from);
  return asked.backwards === true
    ? { plans: plans.toReversed(), names, previous: end, next: start }
    : { plans, names, previous: start, next: end };
}

/** The first of these plans at least, and those behind it that fit into one answer. */
function thatFit(plans: readonly Plan[]): readonly Plan[] {
  let bytes = 0;
  const tooLarge = plans.findIndex(({ notFound }) => {
    bytes += bytesOf(notFound);
    return bytes > MOST_BYTES;
  });
  return tooLarge < 0 ? plans : plans.slice(0, Math.max(1, tooLarge));
}

/** A frozen issue, and the issue as it is; null where it, or its project, is gone. */
export type PlanIssue = {
  readonly planned: PlannedIssue;
  readonly found: { readonly group: Group; readonly project: Project } | null;
};

/** A page of the issues of a plan, in its order; positions are how many are before. */
export async function listPlanIssues(
  deps: NamesDeps & {
    readonly plans: Pick<PlanStore, 'issuesOf'>;
    readonly groups: Pick<GroupStore, 'withAssignments'>;
    readonly projects: Pick<ProjectStore, 'byIds'>;
  },
  plan: Plan,
  { from, backwards = false, limit }: PageAsked,
): Promise<PageBeside & { readonly issues: readonly PlanIssue[]; readonly names: Names }> {
  const at = /^[0-9]{1,6}$/.test(from ?? '') ? Number(from) : 0;
  const start = backwards ? Math.max(0, at - limit) : at;
  const end = Math.min(plan.count, backwards ? at : start + limit);
  const first = Math.floor(start / PLAN_PAGE);
  const pages = [first, first + 1].filter((page) => page * PLAN_PAGE < end);
  const held = await deps.plans.issuesOf(plan, pages);
  const shown = held.slice(start - first * PLAN_PAGE, end - first * PLAN_PAGE);
  const [rows, projects, names] = await Promise.all([
    deps.groups.withAssignments(
      shown.map(({ groupId }) => groupId),
      'eventual',
    ),
    deps.projects.byIds([...new Set(shown.map(({ projectId }) => projectId))], 'eventual'),
    namesOf(
      deps,
      shown.flatMap(({ before, after }) =>
        [before.assignedTo, after.assignedTo, before.ownerTeam, after.ownerTeam].flatMap(
          (actor) => actor ?? [],
        ),
      ),
    ),
  ]);
  const issues = shown.map((planned): PlanIssue => {
    const group = rows.get(planned.groupId)?.group;
    const project = projects.get(planned.projectId);
    const isThere = group && isVisible(group.status) && project?.status === 'active';
    return { planned, found: isThere ? { group, project } : null };
  });
  return {
    issues,
    names,
    previous: start > 0 ? String(start) : null,
    next: end < plan.count ? String(end) : null,
  };
}
