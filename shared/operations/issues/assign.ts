import type { Organization } from '../../domain/directory.ts';
import type { GroupId } from '../../domain/ids.ts';
import type { Assignee } from '../../domain/issues/assignee.ts';
import type { AssignVerdict } from '../../domain/issues/assignment.ts';
import { type AssignOptions, assign as decideAssignment } from '../../domain/issues/assignment.ts';
import { startChanges } from '../../domain/issues/group-changes.ts';
import type { Initiator } from '../event-context.ts';
import { type ChangeGroupDeps, type ChangeOutcome, changeGroup } from './change-group.ts';

/** `gone`: the group was deleted. `conflict`: nothing was done, and it is safe to ask again. */
export type AssignOutcome =
  | ({ readonly kind: 'committed' } & AssignVerdict)
  | Exclude<ChangeOutcome, { readonly kind: 'committed' }>;

/**
 * Assigns one group, with everything that belongs to it, in one transaction. Whether the assignee
 * may be assigned is the caller's to have asked.
 */
export async function assign(
  deps: ChangeGroupDeps,
  input: {
    readonly groupId: GroupId;
    readonly organization: Organization;
    readonly assignee: Assignee;
    readonly initiator: Initiator;
    readonly options?: AssignOptions;
  },
): Promise<AssignOutcome> {
  let verdict: AssignVerdict = { newAssignment: false, updatedAssignment: false };
  const uses = { target: input.assignee.actor };
  const outcome = await changeGroup(deps, { ...input, uses }, (facts, now) => {
    const { changes, ...decided } = decideAssignment(
      startChanges(facts, { now, actingUserId: input.initiator.actingUserId }),
      input.assignee,
      input.options,
    );
    verdict = decided;
    return changes;
  });
  return outcome.kind === 'committed' ? { kind: 'committed', ...verdict } : outcome;
}
