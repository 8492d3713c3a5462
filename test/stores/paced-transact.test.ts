import { describe, expect, it } from 'vitest';
import { createPacedTransact } from '../../shared/stores/paced-transact.ts';
import type { AnyWrite, Transact } from '../../shared/stores/transaction.ts';

const write = (name: string): AnyWrite => ({ name, delete: { Key: { pk: name, sk: name } } });
const writes = (count: number) => Array.from({ length: count }, (_, index) => write(`${index}`));

/** A pace on a clock of its own; `sent` has when how many writes left. */
function pace(writesPerSecond: number, workers = 10) {
  let nowMs = 0;
  const sent: [number, number][] = [];
  const transact: Transact = async (given) => {
    sent.push([nowMs, given.length]);
    return { committed: true };
  };
  const clock = {
    now: () => nowMs,
    wait: async (ms: number) => {
      nowMs += ms;
    },
  };
  return { ...createPacedTransact(transact, { writesPerSecond, workers }, clock), sent };
}

describe('paced transactions', () => {
  it('are as far apart as their writes take', async () => {
    const { transact, sent } = pace(100);
    for (let index = 0; index < 4; index++) {
      await transact(writes(10));
    }
    expect(sent).toEqual([
      [0, 10],
      [100, 10],
      [200, 10],
      [300, 10],
    ]);
  });

  it('share with others, as far as there are workers', async () => {
    const { transact, sent, shareAmong } = pace(100, 4);
    shareAmong(2);
    await transact(writes(10));
    await transact(writes(10));
    shareAmong(50);
    await transact(writes(10));
    await transact(writes(10));
    shareAmong(0);
    await transact(writes(10));
    await transact(writes(10));
    expect(sent.map(([at]) => at)).toEqual([0, 200, 400, 800, 1_200, 1_300]);
  });

  it('answer what the table answers', async () => {
    const refused = { committed: false, refused: [] } as const;
    const clock = { now: () => 0, wait: async () => {} };
    const pace = { writesPerSecond: 1, workers: 1 };
    const paced = createPacedTransact(async () => refused, pace, clock);
    expect(await paced.transact(writes(1))).toBe(refused);
  });
});
