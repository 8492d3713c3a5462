import type { Organization } from '../../domain/directory.ts';
import {
  type AssignmentSource,
  deassign as deassignDraft,
} from '../../domain/issues/assignment.ts';
import { startChanges } from '../../domain/issues/group-changes.ts';
import type { Initiator } from '../event-context.ts';
import { type ChangeGroupDeps, changeGroup } from './change-group.ts';
import { type ForgetOwnersDeps, forgetOwners } from './forget-owners.ts';

export type DeassignOutcome =
  | { readonly kind: 'committed'; readonly unassigned: boolean }
  | { readonly kind: 'gone' }
  | { readonly kind: 'conflict' };

/**
 * Unassigns one group, with everything that belongs to it, in one transaction, and then lets the
 * owner caches forget it. Without a cache at hand (`ownerCaches` null) the event's consumer is the
 * one that does.
 */
export async function deassign(
  deps: ChangeGroupDeps & ForgetOwnersDeps,
  input: {
    readonly groupId: string;
    readonly organization: Organization;
    readonly initiator: Initiator;
    readonly source?: AssignmentSource;
  },
): Promise<DeassignOutcome> {
  let unassigned = false;
  const outcome = await changeGroup(deps, input, (facts, now) => {
    const decided = deassignDraft(
      startChanges(facts, { now, actingUserId: input.initiator.actingUserId }),
      input.source ?? null,
    );
    unassigned = decided.unassigned;
    return decided.changes;
  });
  if (outcome.kind !== 'committed') {
    return outcome;
  }
  if (unassigned) {
    await forgetOwners(deps, [input.groupId]);
  }
  return { kind: 'committed', unassigned };
}
