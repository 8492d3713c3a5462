import { type Actor, sameActor } from '../../../domain/actor.ts';
import type { Organization, OrphanPolicy } from '../../../domain/directory.ts';
import { notFound } from '../../../domain/errors.ts';
import type { GroupId, OrganizationId } from '../../../domain/ids.ts';
import type { ProjectWithTeams } from '../../../domain/projects/project.ts';
import type { OrganizationStore } from '../../../stores/directory/organizations.ts';
import type { HeldIssue, HoldingStore } from '../../../stores/issues/holdings.ts';
import { type IssueRow, type Names, namesOf, type ReadIssueDeps } from '../../issues/read-issue.ts';
import { type FindSuccessorsOfDeps, findSuccessorsOf } from './find-successors.ts';
import type { OwnerByRules } from './owner-by-rules.ts';

export type DescribeImpactDeps = Pick<ReadIssueDeps, 'users' | 'teams'> &
  FindSuccessorsOfDeps & {
    readonly holdings: HoldingStore;
    readonly organizations: Pick<OrganizationStore, 'byId'>;
  };

/** An open issue that somebody holds, and who would hold it after them, by which rule. */
type ImpactedIssue = Pick<IssueRow, 'group' | 'project'> & {
  /** They themselves where the organization keeps assignments; null for nobody. */
  readonly to: Actor | null;
  readonly rule: string | null;
};

export type Impact = {
  readonly orphanPolicy: OrphanPolicy;
  /** What they hold, in any status, and what a team owns: about 50,000 each are counted. */
  readonly held: number;
  readonly owned: number;
  readonly issues: readonly ImpactedIssue[];
  readonly names: Names;
  /** Where the next page begins; null after the last one. */
  readonly next: string | null;
};

type Departure = {
  readonly organization: Organization;
  /** Who would leave, or the team that would be deleted. */
  readonly holder: Actor;
};

type Part = { readonly from: string | null; readonly limit: number };

/** Held issues read together; those of an answer that are not open are passed over. */
const PAGE_SIZE = 100;
const MAX_PAGES = 5;

/**
 * Says what would become of the open issues that somebody holds if they left the organization, or
 * of those of a team if it were deleted, page by page, the first assigned first: by the
 * organization's policy, its rules of today and the code that hands them on, asked of a directory
 * without them. Reads at most 500 held issues, so that a page can be short, or empty. Nothing is
 * written.
 *
 * @throws DomainError `resource.not_found` for a user who is no member
 */
export async function describeImpact(
  deps: DescribeImpactDeps,
  input: Part & { readonly organizationId: OrganizationId; readonly holder: Actor },
): Promise<Impact> {
  const { organizationId, holder } = input;
  const [organization] = await Promise.all([
    deps.organizations.byId(organizationId),
    requireMember(deps, organizationId, holder),
  ]);
  if (organization === undefined) {
    throw notFound();
  }
  const departure = { organization, holder };
  const [counted, { issues, next }] = await Promise.all([
    deps.holdings.count(organizationId, holder),
    openIssues(deps, departure, input),
  ]);
  const successors = await successorsOf(deps, departure, issues);
  const described = issues.map(({ group, project: { project } }) => ({
    group,
    project,
    ...fateOf(departure, successors.get(group.id)),
  }));
  const names = await namesOf(
    deps,
    described.flatMap(({ to }) => (to === null ? [] : [to])),
  );
  const { orphanPolicy } = organization;
  return { orphanPolicy, ...counted, issues: described, names, next };
}

async function requireMember(
  deps: Pick<DescribeImpactDeps, 'users'>,
  id: OrganizationId,
  holder: Actor,
): Promise<void> {
  if (holder.type === 'user') {
    const profile = await deps.users.profile(holder.id);
    if (!profile?.members.some(({ organizationId }) => organizationId === id)) {
      throw notFound();
    }
  }
}

type OpenIssue = Pick<IssueRow, 'group'> & {
  readonly project: ProjectWithTeams;
  readonly position: string;
};

/** The next open issues of active projects, and where the page after them begins. */
async function openIssues(
  deps: DescribeImpactDeps,
  { organization, holder }: Departure,
  { from, limit }: Part,
): Promise<{ readonly issues: readonly OpenIssue[]; readonly next: string | null }> {
  const found: OpenIssue[] = [];
  let next = from;
  for (let pages = 0; pages < MAX_PAGES && found.length < limit; pages++) {
    const part = { from: next, limit: PAGE_SIZE };
    const { held, more } = await deps.holdings.page(organization.id, holder, part);
    found.push(...(await openAmong(deps, holder, held)));
    next = (more ? held.at(-1)?.position : null) ?? null;
    if (next === null) {
      break;
    }
  }
  const issues = found.slice(0, limit);
  const isCut = found.length > limit;
  return { issues, next: (isCut ? issues.at(-1)?.position : next) ?? null };
}

async function openAmong(
  deps: DescribeImpactDeps,
  holder: Actor,
  held: readonly HeldIssue[],
): Promise<OpenIssue[]> {
  const rows = await deps.groups.withAssignments(held.map(({ groupId }) => groupId));
  const open = held.flatMap(({ groupId, position }) => {
    const { group, assignment } = rows.get(groupId) ?? {};
    const isHeld = sameActor(assignment?.assignee ?? null, holder);
    return isHeld && group?.status === 'unresolved' ? [{ group, position }] : [];
  });
  const projects = await deps.projects.manyWithTeams(open.map(({ group }) => group.projectId));
  return open.flatMap((one) => {
    const project = projects.get(one.group.projectId);
    return project?.project.status === 'active' ? [{ ...one, project }] : [];
  });
}

async function successorsOf(
  deps: DescribeImpactDeps,
  { organization, holder }: Departure,
  issues: readonly OpenIssue[],
): Promise<ReadonlyMap<GroupId, OwnerByRules>> {
  if (organization.orphanPolicy !== 'reroute') {
    return new Map();
  }
  const groupIds = issues.map(({ group }) => group.id);
  return findSuccessorsOf(deps, { organization, holder, groupIds });
}

/** Who holds an issue then. A team that is deleted holds nothing, whatever the policy. */
function fateOf(
  { organization, holder }: Departure,
  successor: OwnerByRules | undefined,
): Pick<ImpactedIssue, 'to' | 'rule'> {
  if (successor !== undefined) {
    return { to: successor.assignee.actor, rule: successor.how.owner.rule };
  }
  const isKept = organization.orphanPolicy === 'keep' && holder.type === 'user';
  return { to: isKept ? holder : null, rule: null };
}
