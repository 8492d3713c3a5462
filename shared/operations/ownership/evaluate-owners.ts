import type { OwnerCaches } from '../../cache/owner-caches.ts';
import { actorFromText, formatActor } from '../../domain/actor.ts';
import type { TeamId } from '../../domain/ids.ts';
import type { SuspectCommit } from '../../domain/ingest/seen-event.ts';
import type { Assignment } from '../../domain/issues/assignee.ts';
import type { GroupOwner } from '../../domain/ownership/auto-assignment.ts';
import type { SuggestedOwner as RuleSuggestion } from '../../domain/ownership/evaluate.ts';
import { keepForRules } from '../../domain/ownership/keep-for-rules.ts';
import {
  newSuspectsAmong,
  type OwnersConsequence,
  ownersAfter,
  type SuspectOwner,
  teamOfWinner,
} from '../../domain/ownership/owner-consequences.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { EvaluatedEvent } from '../../stores/ingest/kept-events.ts';
import type { SeenGroupStore } from '../../stores/ingest/seen-groups.ts';
import type { SubscribedGroup } from '../../stores/issues/user-rows.ts';
import type {
  GroupOwnerStore,
  OwnersSnapshot,
  SuggestedOwner,
} from '../../stores/ownership/group-owners.ts';
import type { Clock, Log } from '../deps.ts';
import { type EvaluateEventDeps, evaluateEvent, findSuspects } from './evaluate-event.ts';
import {
  type AskedGates,
  askOwnerGates,
  basisOf,
  countStop,
  type GatedGroup,
  type OwnerGatesDeps,
} from './owner-gates.ts';
import type { RuleReader } from './rule-reader.ts';

/** The versions of a group's assignment before and after it may have assigned itself. */
export type AssignedVersions = { readonly before: number; readonly after: number };

export type EvaluateOwnersDeps = EvaluateEventDeps &
  OwnerGatesDeps & {
    readonly ownerCaches: Pick<OwnerCaches, 'fillOwnerExists'>;
    readonly owners: Pick<GroupOwnerStore, 'snapshot' | 'replace'>;
    readonly seenGroups: Pick<SeenGroupStore, 'keepEvaluated'>;
    readonly ruleReader: RuleReader;
    readonly clock: Clock;
    readonly log: Log;
  };

/** A group that an event was counted on, and what was known of it then. */
export type SeenGroup = GatedGroup & {
  readonly project: ProjectWithTeams;
  /** What its gates said before the event was counted; they are asked where nobody has. */
  readonly asked?: AskedGates | null;
  /** The event that it was begun with, as it is kept already. */
  readonly keptEventId?: string | null;
};

/** What became of the owners by rule, and the team that owns by them where they were evaluated. */
export type EvaluatedOwners = {
  readonly consequence: OwnersConsequence;
  /** Null for no team; absent where nothing was evaluated. */
  readonly teamId?: TeamId | null;
  /**
   * Remembers that the group was evaluated, so that its next events are not: the last thing to do,
   * after it has assigned itself. Absent where nothing was evaluated.
   */
  readonly remember?: (assigned: AssignedVersions | null) => Promise<void>;
};

/** A group's owners as the table holds them, told as the rules of assignment know them. */
type StoredOwner = GroupOwner & { readonly row: OwnersSnapshot['owners'][number] };

/**
 * Suggests the owners that a project's rules give an event, instead of those suggested before:
 * unless the group has an assignee, was evaluated within the last day by the same rules, or is one
 * too many of its project in this minute. That it was evaluated is to be remembered after all that
 * follows, also when nobody was found: where a worker dies before, all of it is done again.
 */
export async function evaluateOwners(
  deps: EvaluateOwnersDeps,
  seen: SeenGroup,
  event: EvaluatedEvent,
): Promise<EvaluatedOwners> {
  const { group, project, cached } = seen;
  const asked = seen.asked ?? (await askOwnerGates(deps, seen));
  const { consequence } = asked;
  countStop(deps, seen, asked);
  if (consequence === 'keep') {
    return { consequence };
  }
  if (consequence === 'remove') {
    await storeOwners(deps, group, consequence, []);
    return { consequence };
  }

  const read = await asked.assignment();
  const rules = await deps.ruleReader.throughCache(project);
  const evaluation = await evaluateEvent(deps, project, rules, event);
  await storeOwners(deps, group, consequence, evaluation.owners);
  const kept = keepForRules(event.event);
  if (kept !== null && event.eventId !== seen.keptEventId) {
    await deps.seenGroups.keepEvaluated(group, { ...event, event: kept });
  }
  const remember = async (assigned: AssignedVersions | null) => {
    if (cached.ok) {
      const basis = basisOf(deps, seen, cached.value, versionAfter(read, assigned));
      await deps.ownerCaches.fillOwnerExists(group.id, basis);
    }
  };
  return { consequence, teamId: teamOfWinner(evaluation), remember };
}

/** The version that the gates read, or the one that the group's own assignment made of it. */
function versionAfter(read: Assignment | null, assigned: AssignedVersions | null): number {
  const before = read?.version ?? 0;
  return assigned?.before === before ? assigned.after : before;
}

/**
 * Suggests the authors of commits, beside whoever is suggested. Answers how many of them are new.
 */
export async function suggestSuspects(
  deps: EvaluateOwnersDeps,
  { group, project }: Pick<SeenGroup, 'group' | 'project'>,
  commits: readonly SuspectCommit[],
): Promise<number> {
  const suspects = await findSuspects(deps, project, commits);
  if (suspects.length === 0) {
    return 0;
  }
  const snapshot = await deps.owners.snapshot(group.id);
  const joining = newSuspectsAmong(suspects, snapshot.owners.map(toGroupOwner));
  if (joining.length === 0) {
    return 0;
  }
  const now = deps.clock();
  const add = joining.map((suspect) => suspectRow(suspect, now));
  return (await deps.owners.replace(group, snapshot, { remove: [], add })) ? joining.length : 0;
}

/** An owner's row as the rules of assignment know it. */
export function toGroupOwner(owner: SuggestedOwner): GroupOwner {
  return {
    type: owner.type,
    actor: owner.owner === null ? null : (actorFromText(owner.owner) ?? null),
    rule: owner.rule,
    dateAdded: owner.dateAdded,
  };
}

/** Somebody else who changes the owners at the same moment has evaluated the same: theirs stand. */
async function storeOwners(
  deps: EvaluateOwnersDeps,
  group: SubscribedGroup,
  consequence: OwnersConsequence,
  suggested: readonly RuleSuggestion[],
): Promise<void> {
  const snapshot = await deps.owners.snapshot(group.id);
  const before = snapshot.owners.map((row): StoredOwner => ({ ...toGroupOwner(row), row }));
  const after = ownersAfter(before, { consequence, suggested, suspects: [], now: deps.clock() });
  const kept = new Set<GroupOwner>(after);
  const remove = before.filter((owner) => !kept.has(owner)).map(({ row }) => row);
  const add = after.filter((owner) => !('row' in owner)).map(toRow);
  if (remove.length > 0 || add.length > 0) {
    await deps.owners.replace(group, snapshot, { remove, add });
  }
}

function toRow({ type, actor, rule, dateAdded }: GroupOwner): SuggestedOwner {
  return { type, owner: actor && formatActor(actor), rule, commitId: null, dateAdded };
}

function suspectRow({ actor, commitId }: SuspectOwner, dateAdded: string): SuggestedOwner {
  return { type: 'suspectCommit', owner: formatActor(actor), rule: null, commitId, dateAdded };
}
