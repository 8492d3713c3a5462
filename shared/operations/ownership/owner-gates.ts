import type { CacheResult } from '../../cache/client.ts';
import type { OwnerCacheEntry, OwnerCaches } from '../../cache/owner-caches.ts';
import type { RateLimits } from '../../cache/rate-limits.ts';
import type { Organization } from '../../domain/directory.ts';
import type { Assignment } from '../../domain/issues/assignee.ts';
import type { Gate, GateName } from '../../domain/ownership/gates.ts';
import {
  consequenceOf,
  type OwnersConsequence,
} from '../../domain/ownership/owner-consequences.ts';
import type { AssignmentStore } from '../../stores/issues/assignments.ts';
import type { SubscribedGroup } from '../../stores/issues/user-rows.ts';
import type { Count, Log } from '../deps.ts';
import { askGates, type GateSource } from './project-gate.ts';

export type OwnerGatesDeps = {
  readonly ownerCaches: Pick<OwnerCaches, 'fillAssigneeExists'>;
  readonly rateLimits: Pick<RateLimits, 'countIssueOwners'>;
  readonly assignments: Pick<AssignmentStore, 'ofGroup'>;
  readonly log: Log;
  readonly count: Count;
  readonly randomInt: (exclusiveMax: number) => number;
};

/** A group whose owners an event may lead to evaluate, and what the caches knew of it then. */
export type GatedGroup = {
  readonly group: SubscribedGroup;
  readonly organization: Organization;
  readonly cached: CacheResult<OwnerCacheEntry>;
};

/** What the gates of a group said, up to the first that stops. */
export type AskedGates = {
  readonly gates: readonly Gate[];
  readonly consequence: OwnersConsequence;
  /** The group's assignment, as the gates have read it; it is read where they have not. */
  readonly assignment: () => Promise<Assignment | null>;
};

/** What a gate that stops is counted as. */
const metricsOfGates: Partial<Record<GateName, string>> = {
  assignee: 'post_process.handle_owner_assignment.assignee_exists',
  debounce: 'post_process.handle_owner_assignment.debounce',
  rateLimit: 'post_process.handle_owner_assignment.ratelimited',
  killSwitch: 'post_process.handle_owner_assignment.killswitch',
};

/**
 * Whether an event leads to an evaluation: unless the group has an assignee, was evaluated within
 * the last day by the same rules, or is one too many of its project in this minute. `begun` is a
 * group that nobody can have assigned yet.
 */
export async function askOwnerGates(
  deps: OwnerGatesDeps,
  seen: GatedGroup,
  { begun = false }: { readonly begun?: boolean } = {},
): Promise<AskedGates> {
  const { group, organization } = seen;
  const assignment = once(async () => (begun ? null : deps.assignments.ofGroup(group.id)));
  const source = liveSource(deps, seen, assignment);
  const gates: Gate[] = [];
  for await (const gate of askGates(source, organization, group.projectId)) {
    gates.push(gate);
    if (gate.stopped) {
      break;
    }
  }
  return { gates, consequence: consequenceOf(gates), assignment };
}

/** Counts the gate that stopped a group. */
export function countStop(
  deps: OwnerGatesDeps,
  { group }: GatedGroup,
  { gates }: AskedGates,
): void {
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

/** What the caches know is not asked of the table; what the table says is put into the cache. */
function liveSource(
  deps: OwnerGatesDeps,
  seen: GatedGroup,
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
          basisOf(deps, seen, known, read?.version ?? 0),
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

/** What an answer is cached on, so that a change meanwhile takes it back. */
export function basisOf(
  deps: OwnerGatesDeps,
  { group }: GatedGroup,
  { asOfSeconds }: OwnerCacheEntry,
  version: number,
) {
  return {
    asOfSeconds,
    version,
    readVersion: async () => (await deps.assignments.ofGroup(group.id))?.version ?? 0,
  };
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
