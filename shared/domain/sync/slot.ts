import {
  type ExternalPerson,
  includesPerson,
  type ProviderTraits,
  samePerson,
} from './external-issue.ts';

/** The assignee that the tracker should show. */
export type SlotGoal =
  | { readonly kind: 'person'; readonly person: ExternalPerson }
  | { readonly kind: 'nobody' }
  /** The assignee here has no account in the tracker. */
  | { readonly kind: 'unmapped'; readonly policy: 'keep' | 'clear' };

/** A write to the assignees, as a difference. */
export type SlotChange = {
  readonly add: readonly ExternalPerson[];
  readonly remove: readonly ExternalPerson[];
};

export const noChange: SlotChange = { add: [], remove: [] };

/**
 * The write after which the issue shows the goal. Only accounts of ours are removed, so
 * co-assignees stay. Where an issue holds one assignee, the goal replaces any other; without a
 * goal, an assignee that is not ours stays.
 */
export function slotChange(
  assignees: readonly ExternalPerson[],
  ours: readonly ExternalPerson[],
  goal: SlotGoal,
  traits: ProviderTraits,
): SlotChange {
  if (goal.kind === 'unmapped' && goal.policy === 'keep') {
    return noChange;
  }
  if (goal.kind !== 'person') {
    return { add: [], remove: assignees.filter((one) => includesPerson(ours, one, traits)) };
  }
  const others = assignees.filter((one) => !samePerson(one, goal.person, traits));
  return {
    add: others.length === assignees.length ? [goal.person] : [],
    remove:
      traits.capacity === 'one'
        ? others
        : others.filter((one) => includesPerson(ours, one, traits)),
  };
}

export function isEmpty(change: SlotChange): boolean {
  return change.add.length === 0 && change.remove.length === 0;
}
