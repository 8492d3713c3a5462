import type { CacheResult } from '../../cache/client.ts';
import type { OwnerCacheEntry, OwnerCaches } from '../../cache/owner-caches.ts';
import type { RateLimits } from '../../cache/rate-limits.ts';
import { actorFromText, formatActor } from '../../domain/actor.ts';
import type { Organization } from '../../domain/directory.ts';
import type { TeamId } from '../../domain/ids.ts';
import type { SuspectCommit } from '../../domain/ingest/seen-event.ts';
import type { Assignment } from '../../domain/issues/assignee.ts';
import type { GroupOwner } from '../../domain/ownership/auto-assignment.ts';
import type { SuggestedOwner as RuleSuggestion } from '../../domain/ownership/evaluate.ts';
import type { Gate, GateName } from '../../domain/ownership/gates.ts';
import { keepForRules } from '../../domain/ownership/keep-for-rules.ts';
import {
  consequenceOf,
  newSuspectsAmong,
  type OwnersConsequence,
  ownersAfter,
  type SuspectOwner,
  teamOfWinner,
} from '../../domain/ownership/owner-consequences.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { EvaluatedEvent, SeenGroupStore } from '../../stores/ingest/seen-groups.ts';
import type { AssignmentStore } from '../../stores/issues/assignments.ts';
import type { SubscribedGroup } from '../../stores/issues/user-rows.ts';
import type {
  GroupOwnerStore,
  OwnersSnapshot,
  SuggestedOwner,
} from '../../stores/ownership/group-owners.ts';
import type { Clock, Log } from '../deps.ts';
import { type EvaluateEventDeps, evaluateEvent, findSuspects } from './evaluate-event.ts';
import { askGates, type GateSource } from './project-gate.ts';
import type { RuleReader } from './rule-reader.ts';

export type EvaluateOwnersDeps = EvaluateEventDeps & {
  readonly ownerCaches: Pick<OwnerCaches, 'fillAssigneeExists' | 'fillOwnerExists'>;
  readonly rateLimits: Pick<RateLimits, 'countIssueOwners'>;
  readonly assignments: Pick<AssignmentStore, 'ofGroup'>;
  readonly owners: Pick<GroupOwnerStore, 'snapshot' | 'replace'>;
  readonly seenGroups: Pick<SeenGroupStore, 'keepEvaluated'>;
  readonly ruleReader: RuleReader;
  readonly clock: Clock;
  readonly log: Log;
  readonly randomInt: (exclusiveMax: number) => number;
};

/** A group that an event was counted on, and what the caches knew of it then. */
export type SeenGroup = {
  readonly group: SubscribedGroup;
  readonly organization: Organization;
  readonly project: ProjectWithTeams;
  readonly cached: CacheResult<OwnerCacheEntry>;
};

/** What became of the owners by rule, and the team that owns by them where they were evaluated. */
export type EvaluatedOwners = {
  readonly consequence: OwnersConsequence;
  /** Null for no team; absent where nothing was evaluated. */
  readonly teamId?: TeamId | null;
};

/** A group's owners as the table holds them, told as the rules of assignment know them. */
type StoredOwner = GroupOwner & { readonly row: OwnersSnapshot['owners'][number] };

/** What a gate that stops is counted as. */
const metricsOfGates: Partial<Record<GateName, string>> = {
  assignee: 'post_process.handle_owner_assignment.assignee_exists',
  debounce: 'post_process.handle_owner_assignment.debounce',
  rateLimit: 'post_process.handle_owner_assignment.ratelimited',
  killSwitch: 'post_process.handle_owner_assignment.killswitch',
};

/**
 * Suggests the owners that a project's rules give an event, instead of those suggested before:
 * unless the group has an assignee, was evaluated within the last day by the same rules, or is one
 * too many of its project in this minute. That it was evaluated is remembered after all of it is
 * stored, also when nobody was found.
 */
export async function evaluateOwners(
  deps: EvaluateOwnersDeps,
  seen: SeenGroup,
  event: EvaluatedEvent,
): Promise<EvaluatedOwners> {
  const { group, organization, project, cached } = seen;
  const assignment = once(() => deps.assignments.ofGroup(group.id));
  const gates: Gate[] = [];
  for await (const gate of askGates(
    liveSource(deps, seen, assignment),
    organization,
    group.projectId,
  )) {
    gates.push(gate);
    if (gate.stopped) {
      break;
    }
  }
  const consequence = consequenceOf(gates);
  countStop(deps, seen, gates);
  if (consequence === 'keep') {
    return { consequence };
  }
  if (consequence === 'remove') {
    await storeOwners(deps, group, consequence, []);
    return { consequence };
  }

  const read = await assignment();
  const rules = await deps.ruleReader.throughCache(project);
  const evaluation = await evaluateEvent(deps, project, rules, event);
  await storeOwners(deps, group, consequence, evaluation.owners);
  const kept = keepForRules(event.event);
  if (kept !== null) {
    await deps.seenGroups.keepEvaluated(group, { ...event, event: kept });
  }
  if (cached.ok) {
    await deps.ownerCaches.fillOwnerExists(group.id, basisOf(deps, seen, cached.value, read));
  }
  return { consequence, teamId: teamOfWinner(evaluation) };
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

/** What the caches know is not asked of the table; what the table says is put into the cache. */
function liveSource(
  deps: EvaluateOwnersDeps,
  seen: SeenGroup,
  assignment: () => Promise<Assignment | null>,
): GateSource {
  const { group, cached } = seen;
  const known = cached.ok ? cached.value : null;
  return {
    async hasAssignee() {
      if (known !== null && known.assigneeExists !== null) {
        return known.assigneeExists;
      }
      const read = await assignment();
      const exists = (read?.assignee ?? null) !== null;
      if (known !== null) {
        await deps.ownerCaches.fillAssigneeExists(
          group.id,
          exists,
          basisOf(deps, seen, known, read),
        );
      }
      return exists;
    },
    evaluatedAtSeconds: async () => known?.evaluatedAtSeconds ?? null,
    async groupsInWindow(limit) {
      const counted = await deps.rateLimits.countIssueOwners(group.projectId, group.id, limit);
      if (counted.ok) {
        return counted.value;
      }
      deps.count('cache.read_failed', { cache: 'rateLimit' });
      return 0;
    },
  };
}

function basisOf(
  deps: EvaluateOwnersDeps,
  { group }: SeenGroup,
  { asOfSeconds }: OwnerCacheEntry,
  read: Assignment | null,
) {
  return {
    asOfSeconds,
    version: read?.version ?? 0,
    readVersion: async () => (await deps.assignments.ofGroup(group.id))?.version ?? 0,
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

function countStop(deps: EvaluateOwnersDeps, { group }: SeenGroup, gates: readonly Gate[]): void {
  const stopped = gates.find((gate) => gate.stopped);
  const metric = stopped && metricsOfGates[stopped.gate];
  if (metric !== undefined) {
    deps.count(metric);
  }
  // A project over its limit is over it with every event: one line in a hundred tells enough.
  if (stopped?.gate === 'rateLimit' && deps.randomInt(100) === 0) {
    deps.log.warn('Owners are evaluated for no more issues of the project this minute.', {
      projectId: group.projectId,
      groupId: group.id,
      detail: stopped.detail,
    });
  }
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
