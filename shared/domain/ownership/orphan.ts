import { type Actor, sameActor } from '../actor.ts';
import type { Organization } from '../directory.ts';
import { type Candidate, decideAssignable } from '../issues/assignable.ts';
import type { Assignment, OrphanCause } from '../issues/assignee.ts';
import { type GroupChanges, type GroupFacts, record } from '../issues/group-changes.ts';
import type { ProjectWithTeams } from '../projects/project.ts';

/** Who holds an issue, as the directory knows them, and where. */
export type Holding = {
  readonly holder: Candidate;
  readonly organization: Organization;
  readonly project: ProjectWithTeams;
  /**
   * Whether the team was seen to leave the project: under open membership a team that never was on
   * it may hold its issues, and one that has left it may not.
   */
  readonly teamHasLeft: boolean;
};

/** Why the holder may not hold issues of the project; null where they may. */
export function orphanCauseOf(holding: Holding): OrphanCause | null {
  const { holder, organization, project, teamHasLeft } = holding;
  const { ok } = decideAssignable(holder, organization, [project]);
  if (holder.type === 'team') {
    const { roster } = holder;
    const isOnProject = roster !== undefined && project.teamIds.includes(roster.team.id);
    return ok && (isOnProject || !teamHasLeft) ? null : 'team_left';
  }
  if (ok) {
    return null;
  }
  const { profile } = holder;
  const isMember = profile?.members.some((member) => member.organizationId === organization.id);
  if (profile === undefined || isMember !== true) {
    return 'left';
  }
  return profile.user.isActive ? 'no_access' : 'deactivated';
}

/** Whether an issue counts as an orphan where its holder may not hold it: only while it is open. */
export function isOpen({ group }: Pick<GroupFacts, 'group'>): boolean {
  return group.status === 'unresolved';
}

/** Whether an open issue is held by this actor. */
export function isHeldBy(facts: GroupFacts, holder: Actor): boolean {
  return isOpen(facts) && sameActor(facts.assignment?.assignee ?? null, holder);
}

/** Notes why an issue's holder may not hold it, and tells of it; nothing where that is noted. */
export function markOrphaned(changes: GroupChanges, cause: OrphanCause): GroupChanges {
  const { assignment } = changes;
  if (!assignment?.assignee || assignment.orphan?.cause === cause) {
    return changes;
  }
  const noted = noteOrphan(assignment, { cause, since: changes.now, isListed: isOpen(changes) });
  return record(
    { ...changes, assignment: noted },
    {
      event: {
        type: 'issue.orphaned',
        version: assignment.version,
        data: { assignee: assignment.assignee, cause },
      },
    },
  );
}

/** Takes the note back where the holder may hold the issue again. */
export function unmarkOrphaned(changes: GroupChanges): GroupChanges {
  const { assignment } = changes;
  return assignment?.orphan === undefined
    ? changes
    : { ...changes, assignment: noteOrphan(assignment, undefined) };
}

/** The same changes, with the note listed while the issue is open. */
export function listOrphan(changes: GroupChanges): GroupChanges {
  const { assignment } = changes;
  const isListed = isOpen(changes);
  return assignment?.orphan === undefined || assignment.orphan.isListed === isListed
    ? changes
    : { ...changes, assignment: noteOrphan(assignment, { ...assignment.orphan, isListed }) };
}

/** Whoever has read the assignment before it was noted has to read it again to change it. */
function noteOrphan(assignment: Assignment, orphan: Assignment['orphan']): Assignment {
  const { orphan: _, ...rest } = assignment;
  const noted = { ...rest, subscriptionsVersion: (rest.subscriptionsVersion ?? 0) + 1 };
  return orphan === undefined ? noted : { ...noted, orphan };
}
