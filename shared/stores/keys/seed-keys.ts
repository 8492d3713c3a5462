import type { Key } from '../keys.ts';

/** That a world which was seeded into a stage has made something, and may write it again. */
export const seedKeys = {
  claim: (kind: string, id: string): Key => ({ pk: `SEED#${kind}#${id}`, sk: 'SEED' }),
};
