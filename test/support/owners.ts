import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { WorldInput } from '../../infra/world/schema.ts';
import { createCacheClient } from '../../shared/cache/client.ts';
import { createOwnerCaches, type OwnerCaches } from '../../shared/cache/owner-caches.ts';
import { createOwnershipCache, type OwnershipCache } from '../../shared/cache/ownership-cache.ts';
import { createRateLimits } from '../../shared/cache/rate-limits.ts';
import { createSequence } from '../../shared/cache/sequence.ts';
import type {
  ImportedRules,
  ProjectOwnership,
} from '../../shared/domain/ownership/project-ownership.ts';
import { type RecordSeenDeps, recordSeen } from '../../shared/operations/ingest/record-seen.ts';
import { createRuleReader } from '../../shared/operations/ownership/rule-reader.ts';
import type { Stores } from '../../shared/wiring.ts';
import { cacheUrl } from './engines.ts';
import { HANG_GUARD_MS } from './hang-guard.ts';
import { surroundings } from './operations.ts';
import { smallWorld, worldOnFreshTable } from './world.ts';

/** `path:app/* #core` in the project shop, in the words of a world. */
export const appIsCores = { project: '31', raw: 'path:app/* #core' };

/**
 * The small world with ids of its own for its projects and groups, since all tests share one cache:
 * `shop` has the team core, `issue` is an issue of it, `site` has the team web.
 */
export async function ownersWorld(overrides: Partial<WorldInput> = {}) {
  const unique = String(Math.floor(Math.random() * 1e12) + 1e6);
  const renumbered = JSON.parse(
    JSON.stringify({ ...smallWorld, ownership: [appIsCores], ...overrides }),
    (key, value) => (isOwnId(key, value) ? `${value}${unique}` : value),
  ) as WorldInput;
  const world = await worldOnFreshTable(renumbered);
  const deps = ownersDeps(world.stores);
  const ids = { shop: `31${unique}`, site: `32${unique}`, issue: `101${unique}` };
  return { ...world, ...ids, deps, telemetry: deps.telemetry };
}

/** Ids of projects and groups, wherever the small world says them. */
function isOwnId(key: string, value: unknown): boolean {
  const names = ['id', 'project', 'group'];
  return names.includes(key) && ['31', '32', '101', '102', '201'].includes(String(value));
}

/**
 * Everything that events, saves and explanations work with, over these stores and the cache of the
 * run.
 */
export function ownersDeps(stores: Stores) {
  const { hostname, port } = new URL(cacheUrl());
  const client = createCacheClient({ host: hostname, port: Number(port), auth: { kind: 'none' } });
  onTestFinished(() => client.close());
  const deps = {
    ...stores,
    ...surroundings(),
    ...withOrganizationOfItsOwn(
      createOwnerCaches(client),
      createOwnershipCache<ProjectOwnership, ImportedRules>(client),
    ),
    rateLimits: createRateLimits(client, { waitMs: HANG_GUARD_MS }),
    sequence: createSequence({
      client,
      // A region of its own has counters of its own.
      settings: {
        version: 1,
        epochSeconds: 1_659_916_800,
        regionId: Math.floor(Math.random() * 4096),
      },
      claimNamespace: stores.namespaces.claim,
    }),
  };
  return { ...deps, ruleReader: createRuleReader(deps) };
}

/**
 * All tests share one cache and the organization 1, which other tests change meanwhile: to the
 * cache it is another one here.
 */
function withOrganizationOfItsOwn(
  ownerCaches: OwnerCaches,
  ownershipCache: OwnershipCache<ProjectOwnership, ImportedRules>,
) {
  const suffix = `-${randomUUID()}`;
  const own = <S extends { readonly organizationId: string }>(scope: S): S => ({
    ...scope,
    organizationId: `${scope.organizationId}${suffix}`,
  });
  return {
    ownerCaches: {
      ...ownerCaches,
      read: (scope: Parameters<OwnerCaches['read']>[0], groupId: string) =>
        ownerCaches.read(own(scope), groupId),
    },
    ownershipCache: {
      ...ownershipCache,
      read: (scope: Parameters<(typeof ownershipCache)['read']>[0]) =>
        ownershipCache.read(own(scope)),
      invalidateOrganization: (organizationId: string) =>
        ownershipCache.invalidateOrganization(`${organizationId}${suffix}`),
    },
  };
}

/** An event of Sentry's shape whose error is in the last of these files. */
export function eventIn(...filenames: string[]) {
  const frames = filenames.map((filename) => ({ filename }));
  return { exception: { values: [{ type: 'KeyError', stacktrace: { frames } }] } };
}

/** The detail of a `group.seen` of the project shop whose error is in `app/cart.py`. */
export function seen(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    eventId: randomUUID(),
    organization: 'acme',
    project: 'shop',
    fingerprint: 'cart',
    title: 'KeyError: cart',
    timestamp: '2026-11-22T11:00:00Z',
    event: eventIn('app/cart.py'),
    ...more,
  };
}

/** Records one batch; answers how many of its messages have to come again. */
export async function record(
  deps: RecordSeenDeps,
  ...details: readonly Record<string, unknown>[]
): Promise<number> {
  const messages = details.map((detail, index) => ({ messageId: String(index), detail }));
  return (await recordSeen(deps, messages, 'request-1')).length;
}

/** The group that a fingerprint of the project leads to, with its assignment. */
export async function groupOf(stores: Stores, projectId: string, fingerprint = 'cart') {
  const groupId = (await stores.seenGroups.ofFingerprints(projectId, [fingerprint])).get(
    fingerprint,
  );
  const rows = await stores.groups.withAssignments(groupId === undefined ? [] : [groupId]);
  const row = groupId === undefined ? undefined : rows.get(groupId);
  if (row === undefined) {
    throw new Error(`${fingerprint} leads to no group.`);
  }
  return row;
}
