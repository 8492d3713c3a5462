import { formatActor } from '../../../domain/actor.ts';
import type { Organization } from '../../../domain/directory.ts';
import type { Assignee } from '../../../domain/issues/assignee.ts';
import type { Group } from '../../../domain/issues/group.ts';
import { ownersAfter } from '../../../domain/ownership/owner-consequences.ts';
import type { ProjectWithTeams } from '../../../domain/projects/project.ts';
import type { SeenGroupStore } from '../../../stores/ingest/seen-groups.ts';
import type { GroupOwnerStore } from '../../../stores/ownership/group-owners.ts';
import type { Clock } from '../../deps.ts';
import {
  type AutoAssignment,
  decide,
  type FindAutoAssigneeDeps,
  findAutoAssignee,
} from '../auto-assign.ts';
import { type EvaluateEventDeps, evaluateEvent } from '../evaluate-event.ts';
import { toGroupOwner } from '../evaluate-owners.ts';
import { projectGate } from '../project-gate.ts';
import type { ProjectRules } from '../rule-reader.ts';
import { whoMayHold } from './who-may-hold.ts';

export type OwnerByRulesDeps = EvaluateEventDeps &
  FindAutoAssigneeDeps & {
    readonly owners: Pick<GroupOwnerStore, 'ofGroup'>;
    readonly seenGroups: Pick<SeenGroupStore, 'evaluated'>;
    readonly clock: Clock;
  };

/** Whom rules give a group to, and how. */
export type OwnerByRules = { readonly assignee: Assignee; readonly how: AutoAssignment };

/**
 * Whom the rules of today give a group to if nobody held it and nobody had decided anything, by the
 * newest event that is kept of it; null for nobody, also where the project assigns nobody by
 * itself. Whoever was suggested before and may not hold it today is passed over. Two round trips,
 * and those of looking up who is named.
 */
export async function findOwnerByRules(
  deps: OwnerByRulesDeps,
  target: {
    readonly organization: Organization;
    readonly project: ProjectWithTeams;
    readonly rules: ProjectRules;
    /** Who is passed over, in text form: they hold it and may not. */
    readonly without?: string;
  },
  group: Pick<Group, 'id'>,
): Promise<OwnerByRules | null> {
  const { organization, project, rules, without } = target;
  if (projectGate(organization, project.project.id).stopped) {
    return null;
  }
  const [stored, evaluated] = await Promise.all([
    deps.owners.ofGroup(group.id),
    deps.seenGroups.evaluated(group.id),
  ]);
  const before = stored.map(toGroupOwner);
  const owners =
    evaluated === null
      ? before
      : ownersAfter(before, {
          consequence: 'evaluate',
          suggested: (await evaluateEvent(deps, project, rules, evaluated)).owners,
          suspects: [],
          now: deps.clock(),
        });
  const stale = new Set(before);
  const may = await whoMayHold(
    deps,
    target,
    owners.filter((owner) => stale.has(owner)),
  );
  const others = owners.filter(
    (owner) =>
      (!stale.has(owner) || may.has(owner)) &&
      (owner.actor === null || formatActor(owner.actor) !== without),
  );
  const assignee = await findAutoAssignee(deps, organization, rules.settings, others);
  const { verdict } = decide(rules.settings, others, assignee, null);
  return assignee !== null && verdict.verdict === 'assign' ? { assignee, how: verdict } : null;
}
