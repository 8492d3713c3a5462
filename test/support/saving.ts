import { randomInt, randomUUID } from 'node:crypto';
import { createOwnershipCache } from '../../shared/cache/ownership-cache.ts';
import { createSequence } from '../../shared/cache/sequence.ts';
import { type EventRecord, toOrganizationEventRecord } from '../../shared/domain/events.ts';
import {
  type ImportedRules,
  namesChanged,
  type ProjectOwnership,
} from '../../shared/domain/ownership/project-ownership.ts';
import type { Stores } from '../../shared/wiring.ts';
import { sharedCache } from '../cache/clients.ts';
import { surroundings } from './operations.ts';
import { SNOWFLAKE_SETTINGS } from './snowflake.ts';

/**
 * What projects and teams are saved with, their ids minted by the cache of the run in a region of
 * the test's own.
 */
export function savingDeps(stores: Stores) {
  const sequence = createSequence({
    client: sharedCache(),
    settings: { ...SNOWFLAKE_SETTINGS, regionId: randomInt(1, 4096) },
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

/**
 * What projects and their teams are changed with: the rules that the cache of the run holds are to
 * be forgotten.
 */
export function changingDeps(stores: Stores) {
  const ownershipCache = createOwnershipCache<ProjectOwnership, ImportedRules>(sharedCache());
  return { ...stores, ...surroundings(), ownershipCache };
}

/** The event of a change in whom names stand for, in the organization 1. */
export function namesChangedEvent(): EventRecord {
  return toOrganizationEventRecord(namesChanged(['memberships']), {
    eventId: randomUUID(),
    occurredAt: new Date().toISOString(),
    requestId: 'r1',
    actor: null,
    organizationId: '1',
  });
}
