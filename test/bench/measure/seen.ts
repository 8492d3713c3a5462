import { randomUUID } from 'node:crypto';
import type { CacheClient } from '../../../shared/cache/client.ts';
import { createOwnerCaches } from '../../../shared/cache/owner-caches.ts';
import { createOwnershipCache } from '../../../shared/cache/ownership-cache.ts';
import { createRateLimits } from '../../../shared/cache/rate-limits.ts';
import { createSequence } from '../../../shared/cache/sequence.ts';
import type {
  ImportedRules,
  ProjectOwnership,
} from '../../../shared/domain/ownership/project-ownership.ts';
import { recordSeen } from '../../../shared/operations/ingest/record-seen.ts';
import { createRuleReader } from '../../../shared/operations/ownership/rule-reader.ts';
import type { Stores } from '../../../shared/wiring.ts';
import { NOW } from '../../support/builders.ts';
import { surroundings } from '../../support/operations.ts';
import { SNOWFLAKE_SETTINGS } from '../../support/snowflake.ts';

/**
 * Records events of the project shop as the function `group-seen` is wired to: one event of each
 * fingerprint, together in a batch.
 */
export function eventRecorder(stores: Stores, cache: CacheClient) {
  const wired = {
    ...stores,
    ...surroundings(),
    ownerCaches: createOwnerCaches(cache),
    ownershipCache: createOwnershipCache<ProjectOwnership, ImportedRules>(cache),
    rateLimits: createRateLimits(cache),
    sequence: createSequence({
      client: cache,
      settings: SNOWFLAKE_SETTINGS,
      claimNamespace: stores.namespaces.claim,
    }),
  };
  const deps = { ...wired, ruleReader: createRuleReader(wired) };
  return async (fingerprints: readonly string[], event: object = {}): Promise<void> => {
    const messages = fingerprints.map((fingerprint, index) => ({
      messageId: String(index),
      detail: {
        eventId: randomUUID(),
        organization: 'acme',
        project: 'shop',
        fingerprint,
        title: `KeyError: ${fingerprint}`,
        timestamp: NOW,
        ...event,
      },
    }));
    const again = await recordSeen(deps, messages, 'bench');
    if (again.length > 0) {
      throw new Error(`${again.length} of ${messages.length} events were not recorded.`);
    }
  };
}
