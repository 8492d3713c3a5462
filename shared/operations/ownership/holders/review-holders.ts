import { formatActor } from '../../../domain/actor.ts';
import type { Organization, OrphanPolicy } from '../../../domain/directory.ts';
import { changedMeanwhile } from '../../../domain/errors.ts';
import type { GroupId, ProjectId } from '../../../domain/ids.ts';
import type { Candidate } from '../../../domain/issues/assignable.ts';
import type { OrphanCause } from '../../../domain/issues/assignee.ts';
import type { FollowersUse } from '../../../domain/issues/followers.ts';
import {
  type GroupChanges,
  type GroupFacts,
  startChanges,
} from '../../../domain/issues/group-changes.ts';
import {
  isHeldBy,
  listOrphan,
  markOrphaned,
  orphanCauseOf,
  unmarkOrphaned,
} from '../../../domain/ownership/orphan.ts';
import type { ProjectWithTeams } from '../../../domain/projects/project.ts';
import { mapConcurrently } from '../../../map-concurrently.ts';
import type { TeamStore } from '../../../stores/directory/teams.ts';
import type { UserStore } from '../../../stores/directory/users.ts';
import type { AssignedGroupRow } from '../../../stores/issues/groups.ts';
import { activeAccountsOf } from '../../directory/team-people.ts';
import { systemInitiator } from '../../event-context.ts';
import { type ChangeGroupDeps, changeGroup, completeAhead } from '../../issues/change-group.ts';
import { endOrphaned } from './end-orphaned.ts';
import { type FindSuccessorsDeps, findSuccessors, type OrphanedIssue } from './find-successors.ts';
import type { OwnerByRules } from './owner-by-rules.ts';

export type ReviewHoldersDeps = ChangeGroupDeps &
  FindSuccessorsDeps & {
    readonly users: Pick<UserStore, 'profile' | 'byIds'>;
    readonly teams: Pick<TeamStore, 'roster'>;
  };

export type Review = {
  readonly organization: Organization;
  readonly requestId: string;
  /** A project that a team was seen to leave; null for none. */
  readonly leftProjectId: ProjectId | null;
};

/** What became of an issue: `conflict` where others kept changing it. */
export type Reviewed = 'unchanged' | 'applied' | 'conflict';

/** Issues changed at the same time. */
const WIDTH = 16;

/**
 * Asks of each of these issues, while it is open and held, whether its holder may still hold it,
 * and does with those who may not what the organization's policy says; who may again is no orphan
 * any more. Whom an issue's row names counts, not what a list says. At most 100 issues: 2 round
 * trips for 100, one for each holder and project, and a transaction for each issue that changes.
 */
export async function reviewHolders(
  deps: ReviewHoldersDeps,
  review: Review,
  groupIds: readonly GroupId[],
): Promise<Map<GroupId, Reviewed>> {
  const found = await findOrphans(deps, review, groupIds);
  const due = found.filter(({ isDue }) => isDue);
  const done = await mapConcurrently(WIDTH, due, (finding) => applyPolicy(deps, review, finding));
  return new Map(due.map(({ groupId }, index) => [groupId, done[index] ?? 'unchanged']));
}

/** An issue that is an orphan, or was one: `cause` is null where its holder may hold it again. */
export type OrphanFinding = OrphanedIssue & {
  readonly cause: OrphanCause | null;
  /** Whether anything is to be done about it. */
  readonly isDue: boolean;
  /** Who gets it next, where the policy is to reroute; null for nobody. */
  readonly successor: OwnerByRules | null;
  /** The issue as it was read; it is read again where others have changed it since. */
  readonly facts: GroupFacts | undefined;
};

/** Which of these issues are orphans, or were noted as such and are none. Nothing is written. */
export async function findOrphans(
  deps: ReviewHoldersDeps,
  review: Omit<Review, 'requestId'>,
  groupIds: readonly GroupId[],
): Promise<OrphanFinding[]> {
  const rows = await deps.groups.withAssignments(groupIds);
  const held = [...rows.values()].filter(
    ({ group, assignment }) =>
      group.organizationId === review.organization.id &&
      group.status === 'unresolved' &&
      assignment?.assignee != null,
  );
  const [holders, projects] = await Promise.all([
    readHolders(deps, held),
    deps.projects.manyWithTeams(held.map(({ group }) => group.projectId)),
  ]);
  const findings = held.flatMap((row) => findingOf(row, { holders, projects }, review));
  const successors = await successorsOf(deps, review, findings);
  const found = new Set(findings.map(({ groupId }) => groupId));
  const facts = await completeAhead(
    deps,
    held.filter(({ group }) => found.has(group.id)),
    review.organization,
    ({ group }) => usesOf(successors.get(group.id) ?? null),
  );
  return findings.map((finding) => {
    const { groupId } = finding;
    const successor = successors.get(groupId) ?? null;
    return { ...finding, successor, facts: facts.get(groupId) };
  });
}

/** The same. Throws `conflict` where others kept changing an issue: all of it can be repeated. */
export async function reviewAll(
  deps: ReviewHoldersDeps,
  review: Review,
  groupIds: readonly GroupId[],
): Promise<void> {
  const reviewed = await reviewHolders(deps, review, groupIds);
  if ([...reviewed.values()].includes('conflict')) {
    throw changedMeanwhile();
  }
}

type Finding = Omit<OrphanFinding, 'successor' | 'facts'>;

function findingOf(
  row: AssignedGroupRow,
  read: {
    readonly holders: ReadonlyMap<string, Candidate>;
    readonly projects: ReadonlyMap<string, ProjectWithTeams>;
  },
  review: Omit<Review, 'requestId'>,
): Finding[] {
  const { group, assignment } = row;
  const project = read.projects.get(group.projectId);
  const actor = assignment?.assignee ?? null;
  const holder = actor && read.holders.get(formatActor(actor));
  if (project?.project.status !== 'active' || !actor || !holder) {
    return [];
  }
  const cause = causeOf(row, { holder, project }, review);
  const isDue = needsChange(row, cause, review);
  return cause !== null || isDue
    ? [{ groupId: group.id, project, holder: actor, cause, isDue }]
    : [];
}

async function successorsOf(
  deps: ReviewHoldersDeps,
  { organization }: Pick<Review, 'organization'>,
  findings: readonly Finding[],
): Promise<ReadonlyMap<GroupId, OwnerByRules>> {
  const orphans = findings.filter(({ cause }) => cause !== null);
  return organization.orphanPolicy === 'reroute'
    ? findSuccessors(deps, organization, orphans)
    : new Map();
}

/** Who holds these issues, as the directory knows them, by their text form. One Query each. */
async function readHolders(
  deps: Pick<ReviewHoldersDeps, 'users' | 'teams'>,
  held: readonly AssignedGroupRow[],
): Promise<Map<string, Candidate>> {
  const actors = new Map(
    held.flatMap(({ assignment }) =>
      assignment?.assignee
        ? [[formatActor(assignment.assignee), assignment.assignee] as const]
        : [],
    ),
  );
  const read = await mapConcurrently(WIDTH, [...actors], async ([text, { type, id }]) => {
    if (type === 'user') {
      return [text, { type, profile: await deps.users.profile(id) }] as const;
    }
    const roster = await deps.teams.roster(id);
    return [text, { type, roster, activeAccounts: await activeAccountsOf(deps, roster) }] as const;
  });
  return new Map<string, Candidate>(read);
}

function causeOf(
  { group, assignment }: AssignedGroupRow,
  { holder, project }: { readonly holder: Candidate; readonly project: ProjectWithTeams },
  { organization, leftProjectId }: Omit<Review, 'requestId'>,
): OrphanCause | null {
  return orphanCauseOf({
    holder,
    organization,
    project,
    teamHasLeft: leftProjectId === group.projectId || assignment?.orphan?.cause === 'team_left',
  });
}

function needsChange(
  { assignment }: AssignedGroupRow,
  cause: OrphanCause | null,
  { organization }: Pick<Review, 'organization'>,
): boolean {
  const known = assignment?.orphan;
  if (cause === null) {
    return known !== undefined;
  }
  const isListed = known?.cause === cause && known.isListed;
  return !isListed || organization.orphanPolicy !== 'keep';
}

/** Does with an orphan what the policy says; nothing where its holder is another one by now. */
async function applyPolicy(
  deps: ReviewHoldersDeps,
  { organization, requestId }: Review,
  finding: OrphanFinding,
): Promise<Reviewed> {
  const { groupId, holder, successor, facts } = finding;
  let applied = false;
  const outcome = await changeGroup(
    deps,
    {
      groupId,
      organization,
      uses: usesOf(successor),
      initiator: systemInitiator(requestId),
      ...(facts !== undefined && { facts }),
    },
    (current, now) => {
      const before = startChanges(current, { now, actingUserId: null });
      const after = isHeldBy(current, holder)
        ? decideOrphan(before, finding, organization.orphanPolicy)
        : before;
      applied = after !== before;
      return after;
    },
  );
  if (outcome.kind === 'conflict') {
    return 'conflict';
  }
  return outcome.kind === 'committed' && applied ? 'applied' : 'unchanged';
}

/** What of an orphan's followers is asked for. */
export function usesOf(successor: OwnerByRules | null): FollowersUse {
  return { target: successor?.assignee.actor ?? null };
}

/** What the policy makes of an orphan, and of an issue that was one. */
export function decideOrphan(
  changes: GroupChanges,
  { cause, successor }: Pick<OrphanFinding, 'cause' | 'successor'>,
  policy: OrphanPolicy,
): GroupChanges {
  if (cause === null) {
    return unmarkOrphaned(changes);
  }
  return policy === 'keep'
    ? listOrphan(markOrphaned(changes, cause))
    : endOrphaned(changes, successor);
}
