import { describe, expect, it } from 'vitest';
import type { TrackerFailure, TrackerReply } from '../../shared/domain/sync/failure.ts';
import { createWorkflowLookup } from '../../shared/trackers/workflow-lookup.ts';
import { failure, value } from '../support/trackers/replies.ts';

/** A lookup over a tracker that answers what it is told to, on a clock of its own. */
function lookupOf(answer: TrackerReply<readonly string[]>, size = 2) {
  const world = { answer, nowMs: 0, asked: [] as string[] };
  const lookup = createWorkflowLookup<string>({
    size,
    now: () => world.nowMs,
    async ask(path) {
      world.asked.push(path);
      return world.answer;
    },
  });
  const find = (path: string, name: string) => lookup(path, (state) => state === name);
  return { world, find };
}

const states = (...names: string[]) => ({ ok: true, value: names }) as const;
const failed = (kind: 'transient' | 'rejected' | 'broken') => ({
  ok: false as const,
  failure: { kind, reason: 'No.', retryAfterMs: null } as TrackerFailure,
});

describe('the states of a workflow', () => {
  it('are asked for once in five minutes', async () => {
    const { world, find } = lookupOf(states('Active', 'Closed'));
    for (world.nowMs = 0; world.nowMs < 300_000; world.nowMs += 30_000) {
      expect(value(await find('bug', 'Active'))).toEqual(['Active', 'Closed']);
    }
    expect(world.asked).toHaveLength(1);
    await find('bug', 'Active');
    expect(world.asked).toHaveLength(2);
  });

  it('are asked for again when they do not know the state, and then not at once', async () => {
    const { world, find } = lookupOf(states('Active'));
    await find('bug', 'Active');
    world.answer = states('Active', 'Shipped');
    world.nowMs = 9_999;
    expect(value(await find('bug', 'Shipped'))).toEqual(['Active']);
    world.nowMs = 10_000;
    expect(value(await find('bug', 'Shipped'))).toEqual(['Active', 'Shipped']);
    expect(world.asked).toHaveLength(2);
  });

  it('are none where we may not look, and nobody asks all the time', async () => {
    for (const kind of ['rejected', 'broken'] as const) {
      const { world, find } = lookupOf(failed(kind));
      expect(value(await find('bug', 'Active'))).toEqual([]);
      await find('bug', 'Active');
      expect(world.asked).toHaveLength(1);
    }
  });

  it('that could not be read are not remembered', async () => {
    const { world, find } = lookupOf(failed('transient'));
    expect(failure(await find('bug', 'Active')).kind).toBe('transient');
    world.answer = states('Active');
    expect(value(await find('bug', 'Active'))).toEqual(['Active']);
  });

  it('are kept of the workflows that were read last, and of no more', async () => {
    const { world, find } = lookupOf(states('Active'), 2);
    for (const path of ['a', 'b', 'c', 'b', 'c', 'a']) {
      await find(path, 'Active');
    }
    expect(world.asked).toEqual(['a', 'b', 'c', 'a']);
  });
});
