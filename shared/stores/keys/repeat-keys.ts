import type { Key } from '../keys.ts';

/** What is known of the requests that named a key, so that none of them is done twice. */
export const repeatKeys = {
  /** `reach` is the organization, or a hash of those that the token reaches; `hash` the key's. */
  record: (reach: string, tokenId: string, hash: string): Key => ({
    pk: `REPEAT#${reach}#${tokenId}#${hash}`,
    sk: 'A#REPEAT',
  }),
  bodyPrefix: 'BODY#',
  body: (reach: string, tokenId: string, hash: string, part: number): Key => ({
    pk: `REPEAT#${reach}#${tokenId}#${hash}`,
    sk: `BODY#${part}`,
  }),
};
