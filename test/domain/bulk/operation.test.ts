import { describe, expect, it } from 'vitest';
import {
  advanceOperation,
  beginOperation,
  cancelOperation,
  endOperation,
  hasEnded,
  nextStates,
  type Operation,
  type OperationState,
  operationStates,
  queuedOperation,
} from '../../../shared/domain/bulk/operation.ts';
import { countsOf, totalOf } from '../../../shared/domain/bulk/outcome.ts';

const NOW = '2026-11-29T12:00:00.000Z';

const queued = queuedOperation({
  id: '7',
  organizationId: '1',
  kind: 'reconcile',
  dryRun: false,
  projectId: '31',
  createdBy: null,
  createdAt: NOW,
});
const inState = (state: OperationState): Operation => ({ ...queued, state });
const counts = countsOf([{ outcome: 'applied' }, { outcome: 'failed' }, { outcome: 'applied' }]);

describe('an operation', () => {
  it('begins once, and not where it is to be cancelled', () => {
    expect(beginOperation(queued, NOW)).toMatchObject({ state: 'running', startedAt: NOW });
    for (const state of ['running', 'cancelling'] as const) {
      const operation = inState(state);
      expect(beginOperation(operation, NOW)).toBe(operation);
    }
  });

  it.each([
    ['queued', 'cancelling'],
    ['running', 'cancelling'],
    ['cancelling', 'cancelling'],
    ['cancelled', 'cancelled'],
    ['done', null],
    ['failed', null],
  ] as const)('that is %s becomes %s when it is cancelled', (state, after) => {
    const operation = inState(state);
    if (after === null) {
      expect(() => cancelOperation(operation)).toThrow('This operation has ended.');
    } else {
      expect(cancelOperation(operation).state).toBe(after);
    }
  });

  it.each([
    ['running', 'done', 'done'],
    ['running', 'failed', 'failed'],
    ['cancelling', 'cancelled', 'cancelled'],
    ['cancelling', 'done', 'cancelled'],
    ['cancelling', 'failed', 'cancelled'],
  ] as const)('that is %s and comes to be %s is %s', (state, end, after) => {
    const ended = endOperation(inState(state), end, { counts, now: NOW });
    expect(ended).toMatchObject({ state: after, finishedAt: NOW, counts });
  });

  it('adds up what became of its issues, page by page', () => {
    const once = advanceOperation(inState('running'), { counts, position: 'a' });
    const twice = advanceOperation(once, { counts, position: 'b' });
    expect(twice).toMatchObject({ position: 'b', counts: { applied: 4, failed: 2, skipped: 0 } });
    expect(totalOf(twice.counts)).toBe(6);
  });

  it('never leaves an end, and reaches one from everywhere else', () => {
    for (const state of operationStates) {
      expect(nextStates[state].length === 0).toBe(hasEnded(inState(state)));
    }
    expect(operationStates.filter((state) => hasEnded(inState(state)))).toEqual([
      'done',
      'cancelled',
      'failed',
    ]);
    for (const state of ['queued', 'done', 'cancelled', 'failed'] as const) {
      expect(() => endOperation(inState(state), 'done', { counts, now: NOW })).toThrow(
        'look at nextStates',
      );
    }
  });
});
