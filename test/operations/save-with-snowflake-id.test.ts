import { describe, expect, it } from 'vitest';
import { ID_TAKEN, saveWithSnowflakeId } from '../../shared/operations/save-with-snowflake-id.ts';
import { scriptedSequence } from '../support/saving.ts';

/** Saves where these ids are taken, and answers which were tried. */
async function attempt(taken: readonly string[], minted: readonly string[], presetId?: string) {
  const tried: string[] = [];
  const row = { model: 'project', ...(presetId === undefined ? {} : { presetId }) } as const;
  const saved = saveWithSnowflakeId({ sequence: scriptedSequence(minted) }, row, async (id) => {
    tried.push(id);
    return taken.includes(id) ? ID_TAKEN : `saved as ${id}`;
  });
  return { outcome: await saved.catch((error: Error) => error.message), tried };
}

const EXHAUSTED = 'Max allowed ID retry reached. Please try again in a second';

describe('a row with a snowflake id', () => {
  it.each<[string, string[], string[], string | undefined, string, string[]]>([
    ['is saved under a minted id', [], ['1', '2'], undefined, 'saved as 1', ['1']],
    ['is saved under its preset id', [], ['1'], '9', 'saved as 9', ['9']],
    ['takes a fresh id for a preset one', ['9'], ['1'], '9', 'saved as 1', ['9', '1']],
    [
      'takes the fifth id',
      ['1', '2', '3', '4'],
      ['1', '2', '3', '4', '5'],
      undefined,
      'saved as 5',
      ['1', '2', '3', '4', '5'],
    ],
    [
      'gives up after five',
      ['1', '2', '3', '4', '5'],
      ['1', '2', '3', '4', '5', '6'],
      undefined,
      EXHAUSTED,
      ['1', '2', '3', '4', '5'],
    ],
    [
      'counts the preset id among the five',
      ['9', '1', '2', '3', '4'],
      ['1', '2', '3', '4', '5'],
      '9',
      EXHAUSTED,
      ['9', '1', '2', '3', '4'],
    ],
  ])('%s', async (_, taken, minted, presetId, outcome, tried) => {
    expect(await attempt(taken, minted, presetId)).toEqual({ outcome, tried });
  });

  it('is tried once when the save fails for another reason, which flies on as it was', async () => {
    const failure = new Error('the world');
    let attempts = 0;
    const saved = saveWithSnowflakeId(
      { sequence: scriptedSequence(['1', '2']) },
      { model: 'team' },
      async () => {
        attempts += 1;
        throw failure;
      },
    );
    await expect(saved).rejects.toBe(failure);
    expect(attempts).toBe(1);
  });
});
