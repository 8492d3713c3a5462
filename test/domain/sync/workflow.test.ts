import { describe, expect, it } from 'vitest';
import { chooseState, type WorkflowState } from '../../../shared/domain/sync/workflow.ts';

const state = (
  name: string,
  status: WorkflowState['status'],
  preference: number | null,
): WorkflowState => ({ name, status, preference });

describe('the state that an issue is put into', () => {
  it.each<[string, readonly WorkflowState[], string | undefined]>([
    ['is none where there is none', [], undefined],
    ['has the status that is wanted', [state('a', 'open', 1), state('b', 'closed', 1)], 'b'],
    ['is not one that says neither', [state('a', null, 1)], undefined],
    ['is not one that is never chosen', [state('a', 'closed', null)], undefined],
    ['is the preferred one', [state('a', 'closed', 2), state('b', 'closed', 1)], 'b'],
    ['is the first of those', [state('a', 'closed', 1), state('b', 'closed', 1)], 'a'],
  ])('%s', (_, states, expected) => {
    expect(chooseState(states, 'closed')?.name).toBe(expected);
  });
});
