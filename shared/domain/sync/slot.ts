import {
  type ExternalPerson,
  includesPerson,
  type ProviderTraits,
  samePerson,
} from './external-issue.ts';

/** Whom the tracker should show for the assignee here. */
export type SlotGoal =
  | { readonly kind: 'person'; readonly person: ExternalPerson }
  | { readonly kind: 'nobody' }
  /** Somebody is assigned here whom nobody there stands for. */
  | { readonly kind: 'unmapped'; readonly policy: 'keep' | 'clear' };

/** A write, as the difference it makes. */
export type SlotChange = {
  readonly add: readonly ExternalPerson[];
  readonly remove: readonly ExternalPerson[];
};

export const noChange: SlotChange = { add: [], remove: [] };

/**
 * What to write so that the issue shows the goal in our slot. Only accounts that are ours are taken
 * away, so co-assignees stay; where an issue holds one assignee, the goal takes the place of
 * whoever holds it, and an empty goal leaves a stranger alone.
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
