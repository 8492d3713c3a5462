import { describe, expect, it } from 'vitest';
import { type Step, withStep } from '../../../../infra/local/page/client/steps.ts';
import { flowsOf } from '../../../../infra/local/page/flow/group-steps.ts';

/** The steps that the page of the local stack keeps, and how it draws them. */

const step = (seq: number, more: Partial<Step> = {}): Step => ({
  seq,
  at: new Date(seq * 1_000).toISOString(),
  request: 'r1',
  kind: 'rows',
  title: `step ${seq}`,
  detail: {},
  ...more,
});
const seqs = (steps: readonly Step[]) => steps.map(({ seq }) => seq);

describe('the kept steps', () => {
  it('are the last 500', () => {
    const kept = Array.from({ length: 600 }, (_, index) => step(index + 1)).reduce<readonly Step[]>(
      (steps, one) => withStep(steps, one),
      [],
    );
    expect(kept).toHaveLength(500);
    expect([kept[0]?.seq, kept.at(-1)?.seq]).toEqual([101, 600]);
  });

  it('begin anew with a stack that counts from the beginning again', () => {
    expect(seqs(withStep([step(7), step(8)], step(9)))).toEqual([7, 8, 9]);
    expect(seqs(withStep([step(7), step(8)], step(1)))).toEqual([1]);
  });
});

describe('the flows', () => {
  it('are one for each request, the latest first, named after what was asked', () => {
    const flows = flowsOf([
      step(1, { kind: 'request', title: 'PUT /a' }),
      step(2, { request: 'r2', title: 'a schedule wrote' }),
      step(3),
      step(4, { request: null, title: 'somebody wrote' }),
      step(5),
    ]);
    expect(flows.map(({ request, title, steps }) => [request, title, seqs(steps)])).toEqual([
      ['r1', 'PUT /a', [1, 3, 5]],
      [null, 'Nobody’s request', [4]],
      ['r2', 'a schedule wrote', [2]],
    ]);
  });
});
