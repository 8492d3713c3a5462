import { randomInt } from 'node:crypto';
import { createSequence } from '../../shared/cache/sequence.ts';
import { DEFAULT_SNOWFLAKE_SETTINGS } from '../../shared/domain/snowflake.ts';
import type { Stores } from '../../shared/wiring.ts';
import { sharedCache } from '../cache/clients.ts';
import { surroundings } from './operations.ts';

/** What projects and teams are saved with, their ids minted by the cache of the run in a region of the test's own. */
export function savingDeps(stores: Stores) {
  const sequence = createSequence({
    client: sharedCache(),
    settings: { ...DEFAULT_SNOWFLAKE_SETTINGS, regionId: randomInt(1, 4096) },
    claimNamespace: stores.namespaces.claim,
  });
  return { ...stores, ...surroundings(), sequence };
}

/** A sequence that answers these ids, one after the other. */
export function scriptedSequence(ids: readonly string[]) {
  const left = [...ids];
  return {
    left,
    async mint(): Promise<string[]> {
      return left.splice(0, 1);
    },
  };
}
