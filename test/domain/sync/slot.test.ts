import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ExternalPerson,
  includesPerson,
  traitsOf,
} from '../../../shared/domain/sync/external-issue.ts';
import { type SlotGoal, slotChange } from '../../../shared/domain/sync/slot.ts';
import { person } from './sync-world.ts';

const many = traitsOf('github');
const one = traitsOf('jira');

describe('a slot', () => {
  const [p1, p2, p3] = [person('1'), person('2'), person('3')];
  const bob: SlotGoal = { kind: 'person', person: p1 };
  const nobody: SlotGoal = { kind: 'nobody' };
  const keep: SlotGoal = { kind: 'unmapped', policy: 'keep' };
  const clear: SlotGoal = { kind: 'unmapped', policy: 'clear' };

  it.each([
    ['an empty issue takes the person', [], [], bob, many, [p1], []],
    ['a person who is there already stays', [p1], [], bob, many, [], []],
    ['ours goes, the co-assignee stays', [p2, p3], [p2], bob, many, [p1], [p2]],
    ['a co-assignee who becomes ours takes nobody away', [p1, p3], [], bob, many, [], []],
    ['the left-over of a half-done write goes', [p1, p2], [p2, p1], bob, many, [], [p2]],
    ['where there is room for one, whoever holds it goes', [p3], [p2], bob, one, [p1], [p3]],
    ['nobody: ours goes, the co-assignee stays', [p2, p3], [p2], nobody, many, [], [p2]],
    ['nobody: a stranger stays, also where there is room for one', [p3], [p2], nobody, one, [], []],
    ['nobody mapped, keep: everybody stays', [p2, p3], [p2], keep, many, [], []],
    ['nobody mapped, clear: ours goes', [p2, p3], [p2], clear, many, [], [p2]],
  ] as const)('%s', (_, assignees, ours, goal, traits, add, remove) => {
    expect(slotChange(assignees, ours, goal, traits)).toEqual({ add, remove });
  });

  const people = fc.uniqueArray(fc.constantFrom('1', '2', '3', '4', '5'), { maxLength: 5 });
  const goals = fc.constantFrom(bob, nobody, keep, clear);
  const applied = (assignees: readonly ExternalPerson[], change: ReturnType<typeof slotChange>) => [
    ...change.add,
    ...assignees.filter((each) => !change.remove.includes(each)),
  ];

  it('is right after one write, and never takes a co-assignee away', () => {
    fc.assert(
      fc.property(people, people, goals, (there, ours, goal) => {
        const assignees = there.map(person);
        const change = slotChange(assignees, ours.map(person), goal, many);
        const after = applied(assignees, change);
        expect(slotChange(after, ours.map(person), goal, many)).toEqual({ add: [], remove: [] });
        for (const coAssignee of there.filter((id) => !ours.includes(id))) {
          expect(includesPerson(after, person(coAssignee), many)).toBe(true);
        }
        if (goal.kind === 'person') {
          expect(includesPerson(after, goal.person, many)).toBe(true);
        }
      }),
    );
  });
});
