import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCacheClient } from '../../../shared/cache/client.ts';
import { createOwnerCaches } from '../../../shared/cache/owner-caches.ts';
import { createOwnershipCache } from '../../../shared/cache/ownership-cache.ts';
import { createRateLimits } from '../../../shared/cache/rate-limits.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { forgetRules } from '../../../shared/operations/ownership/forget-rules.ts';
import { createRuleReader } from '../../../shared/operations/ownership/rule-reader.ts';
import { cacheUrl } from '../../support/engines.ts';
import { HANG_GUARD_MS } from '../../support/hang-guard.ts';
import { assignedTo } from '../../support/operations.ts';
import { appIsCores, eventIn, groupOf, ownersWorld, record, seen } from '../../support/owners.ts';
import { namesChangedEvent } from '../../support/saving.ts';

type World = Awaited<ReturnType<typeof ownersWorld>>;

const core = { type: 'team', id: '21' };
const gate = (name: string) => `post_process.handle_owner_assignment.${name}`;

const counted = ({ telemetry }: World, name: string) =>
  telemetry.counts.filter((count) => count.name === name).length;

const ownersOf = async ({ stores, issue }: World) =>
  (await stores.owners.ofGroup(issue)).map(({ type, owner, rule }) => ({ type, owner, rule }));

const assigneeOf = async ({ stores, issue }: World) =>
  (await stores.assignments.ofGroup(issue))?.assignee ?? null;

function redis(): Redis {
  const client = new Redis(cacheUrl());
  onTestFinished(() => client.disconnect());
  return client;
}

describe('an event', () => {
  it('suggests the owners of the first two rules, assigns the first, and leaves these keys', async () => {
    const world = await ownersWorld({
      ownership: [
        {
          project: '31',
          raw: 'path:* bob@acme.io\npath:app/* #core alice@acme.io\npath:app/c* #core',
        },
      ],
    });
    const { deps, issue, shop, stores } = world;
    await record(deps, seen({ groupId: issue }));
    expect(await ownersOf(world)).toEqual([
      { type: 'ownershipRule', owner: 'team:21', rule: 'path:app/c* #core' },
      { type: 'ownershipRule', owner: 'team:21', rule: 'path:app/* #core alice@acme.io' },
      { type: 'ownershipRule', owner: 'user:11', rule: 'path:app/* #core alice@acme.io' },
    ]);
    expect(await stores.assignments.ofGroup(issue)).toMatchObject({
      assignee: core,
      source: 'auto',
      lastAssignedManually: false,
    });

    const cache = redis();
    const [seconds] = await cache.time();
    const owner = `owner_exists:1:{${issue}}`;
    const assignee = `assignee_exists:1:{${issue}}`;
    expect(await cache.get(owner)).toMatch(/^\d+\.\d+$/);
    expect(Math.abs(Number(await cache.get(owner)) - Number(seconds))).toBeLessThan(10);
    expect(await cache.ttl(owner)).toBeGreaterThan(86_390);
    expect(JSON.parse((await cache.get(assignee)) ?? '')).toEqual([false, expect.any(Number)]);
    expect(await cache.ttl(assignee)).toBeLessThanOrEqual(60);
    const ownership = `projectownership_project_id:1:{${shop}}`;
    expect(JSON.parse((await cache.get(ownership)) ?? '')).toEqual([
      expect.objectContaining({ raw: expect.stringContaining('path:app/c* #core') }),
      expect.any(Number),
    ]);
    const codeowners = `projectcodeowners_project_id:1:{${shop}}`;
    expect(JSON.parse((await cache.get(codeowners)) ?? '')).toEqual([false, expect.any(Number)]);
    for (const key of [ownership, codeowners]) {
      expect(await cache.ttl(key)).toBeGreaterThan(3_590);
      expect(await cache.ttl(key)).toBeLessThanOrEqual(3_600);
    }
    const limiter = `issue_owner_assignment_ratelimiter:{${shop}}`;
    expect(await cache.smembers(limiter)).toEqual([issue]);
    expect(await cache.ttl(limiter)).toBeGreaterThan(50);
  });

  it('is debounced after another, and not after the rules have changed', async () => {
    const world = await ownersWorld({
      ownership: [{ ...appIsCores, autoAssignment: 'Turn off Auto-Assignment' }],
    });
    const { deps, issue, shop, stores } = world;
    await record(deps, seen({ groupId: issue }));
    expect(await assigneeOf(world)).toBeNull();
    await record(deps, seen({ groupId: issue, event: eventIn('lib/x.py') }));
    expect(counted(world, gate('debounce'))).toBe(1);
    expect(await ownersOf(world)).toHaveLength(1);

    await forgetRules(deps, shop);
    await record(deps, seen({ groupId: issue, event: eventIn('lib/x.py') }));
    expect(counted(world, gate('debounce'))).toBe(1);
    expect(await ownersOf(world)).toEqual([]);
    expect((await stores.seenGroups.evaluated(issue))?.event).toMatchObject({
      exception: { values: [{ stacktrace: { frames: [{ filename: 'lib/x.py' }] } }] },
    });
  });

  it('is not evaluated where the group has an assignee, and that is remembered for a day', async () => {
    const world = await ownersWorld({ assignments: [{ group: '101', assignedTo: 'user:12' }] });
    await record(world.deps, seen({ groupId: world.issue }));
    await record(world.deps, seen({ groupId: world.issue }));
    expect(counted(world, gate('assignee_exists'))).toBe(2);
    expect(await ownersOf(world)).toEqual([]);
    const cache = redis();
    const key = `assignee_exists:1:{${world.issue}}`;
    expect(JSON.parse((await cache.get(key)) ?? '')[0]).toBe(true);
    expect(await cache.ttl(key)).toBeGreaterThan(86_390);
    expect(await cache.exists(`owner_exists:1:{${world.issue}}`)).toBe(0);
  });

  it('is not evaluated for a 51st group of its project, or a 201st with the feature', async () => {
    const world = await ownersWorld();
    const { deps, issue, shop } = world;
    const cache = redis();
    const limiter = `issue_owner_assignment_ratelimiter:{${shop}}`;
    await cache.sadd(limiter, ...Array.from({ length: 50 }, (_, index) => `other-${index}`));
    await cache.expire(limiter, 30);
    await record(deps, seen({ groupId: issue }));
    expect(counted(world, gate('ratelimited'))).toBe(1);
    expect(await ownersOf(world)).toEqual([]);
    expect(await cache.ttl(limiter)).toBeLessThanOrEqual(30);

    const features = ['increased-issue-owners-rate-limit' as const];
    const [acme, globex] = world.world.organizations;
    if (!acme || !globex) {
      throw new Error('The small world has two organizations.');
    }
    const more = await ownersWorld({ organizations: [{ ...acme, features }, globex] });
    await cache.sadd(
      `issue_owner_assignment_ratelimiter:{${more.shop}}`,
      ...Array.from({ length: 50 }, (_, index) => `other-${index}`),
    );
    await record(more.deps, seen({ groupId: more.issue }));
    expect(await assigneeOf(more)).toEqual(core);
  });

  it('of a project that is switched off removes the owners by rule and leaves no debounce', async () => {
    const world = await ownersWorld({
      owners: [
        { group: '101', type: 'ownershipRule', owner: 'team:21', rule: 'path:x #core' },
        { group: '101', type: 'suspectCommit', owner: 'user:12' },
      ],
    });
    const options = { 'post_process.get-autoassign-owners': [Number(world.shop)] };
    const organizations = {
      ...world.deps.organizations,
      byId: async (id: string) => {
        const found = await world.stores.organizations.byId(id);
        return found && { ...found, options };
      },
    };
    await record({ ...world.deps, organizations }, seen({ groupId: world.issue }));
    expect(counted(world, gate('killswitch'))).toBe(1);
    expect((await ownersOf(world)).map(({ type }) => type)).toEqual(['suspectCommit']);
    expect(await redis().exists(`owner_exists:1:{${world.issue}}`)).toBe(0);
  });

  it.each([
    ['reprocessed', { reprocessed: true }],
    ['of a fingerprint and reprocessed', { groupId: undefined, reprocessed: true }],
  ])('that was %s is counted and nothing else', async (_, more) => {
    const world = await ownersWorld();
    await record(world.deps, seen({ groupId: world.issue, ...more }));
    expect(await ownersOf(world)).toEqual([]);
    expect(await redis().exists(`owner_exists:1:{${world.issue}}`)).toBe(0);
  });

  it('of something else than an error has no owners', async () => {
    const world = await ownersWorld({
      groups: [{ id: '101', project: '31', title: 'slow', type: 'performance' }],
    });
    await record(world.deps, seen({ groupId: world.issue }));
    expect(await ownersOf(world)).toEqual([]);
    expect(await assigneeOf(world)).toBeNull();
  });

  it('has the owners of CODEOWNERS, through the accounts of a tracker and with a mapping', async () => {
    const world = await ownersWorld({
      ownership: [],
      codeowners: [
        {
          project: '31',
          raw: '/src/ @Acme/Core\n/src/vendor/\n*.css bob@acme.io',
          codeMapping: { sourceRoot: 'src/', stackRoot: 'app/' },
        },
      ],
    });
    const { deps, issue, stores } = world;
    await stores.externalActors.insert(
      {
        id: '7',
        organizationId: '1',
        integrationId: '501',
        provider: 'github',
        actor: { type: 'team', id: '21' },
        externalId: '',
        externalName: '@acme/core',
        knownBy: 'hand',
      },
      namesChangedEvent(),
    );
    await record(deps, seen({ groupId: issue }));
    expect(await ownersOf(world)).toEqual([
      { type: 'codeowners', owner: 'team:21', rule: 'codeowners:/app/ #core' },
    ]);
    const { activities } = await stores.activities.ofGroup({ groupId: issue, limit: 1 });
    expect(activities[0]?.data).toMatchObject({
      integration: 'codeowners',
      rule: 'codeowners:/app/ #core',
    });
  });
});

describe('a suspect commit', () => {
  const commit = { id: 'abc', authorEmail: 'Bob@acme.io' };

  it.each([
    ['Auto Assign to Suspect Commits' as const, { type: 'user', id: '12' }],
    ['Auto Assign to Issue Owner' as const, core],
    ['Turn off Auto-Assignment' as const, null],
  ])('with %s', async (autoAssignment, assignee) => {
    const world = await ownersWorld({ ownership: [{ ...appIsCores, autoAssignment }] });
    await record(world.deps, seen({ groupId: world.issue, commit }));
    expect((await ownersOf(world)).map(({ type, owner }) => `${type} ${owner}`)).toEqual([
      'suspectCommit user:12',
      'ownershipRule team:21',
    ]);
    expect(await assigneeOf(world)).toEqual(assignee);
  });

  it('leads to an assignment also when the rules are debounced, and is kept once', async () => {
    const world = await ownersWorld({
      ownership: [
        { project: '31', raw: 'path:x #core', autoAssignment: 'Auto Assign to Suspect Commits' },
      ],
    });
    const { deps, issue, stores } = world;
    await record(deps, seen({ groupId: issue }));
    await record(deps, seen({ groupId: issue, commit }), seen({ groupId: issue, commit }));
    expect(counted(world, gate('debounce'))).toBe(1);
    expect(await ownersOf(world)).toEqual([
      { type: 'suspectCommit', owner: 'user:12', rule: null },
    ]);
    expect(await assigneeOf(world)).toEqual({ type: 'user', id: '12' });
    const { activities } = await stores.activities.ofGroup({ groupId: issue, limit: 1 });
    expect(activities[0]?.data).toEqual(
      expect.objectContaining({ assignee: '12', integration: 'suspectCommitter' }),
    );
    await record(deps, seen({ groupId: issue, commit }));
    expect(await ownersOf(world)).toHaveLength(1);
  });

  it('by nobody that the project knows leaves nothing', async () => {
    const world = await ownersWorld({ ownership: [] });
    await record(
      world.deps,
      seen({ groupId: world.issue, commit: { id: 'a', authorEmail: 'carol@acme.io' } }),
    );
    expect(await ownersOf(world)).toEqual([]);
  });
});

describe('steps', () => {
  it('are taken whatever became of the others, and again with what was left undone', async () => {
    const world = await ownersWorld();
    const { deps, issue, stores } = world;
    const broken = {
      ...deps,
      ruleReader: {
        ...deps.ruleReader,
        throughCache: () => Promise.reject(new Error('The cache is on fire.')),
      },
    };
    const event = seen({ groupId: issue });
    expect(await record(broken, event)).toBe(1);
    expect((await stores.groups.byId(issue))?.group.timesSeen).toBe(6);
    expect(counted(world, 'post_process.step_failed')).toBe(2);
    expect(await assigneeOf(world)).toBeNull();

    expect(await record(deps, event)).toBe(0);
    expect((await stores.groups.byId(issue))?.group.timesSeen).toBe(6);
    expect(await assigneeOf(world)).toEqual(core);
    expect(await record(deps, event)).toBe(0);
    expect(counted(world, 'group_seen.duplicate')).toBe(1);
  });

  it('of a worker that dies before the issue has assigned itself are taken again', async () => {
    const world = await ownersWorld();
    const { deps, issue } = world;
    const event = seen({ groupId: issue });
    await new Promise<void>((died) => {
      const commit = () => {
        died();
        return new Promise<never>(() => undefined);
      };
      void record({ ...deps, groupChanges: { ...deps.groupChanges, commit } }, event);
    });
    expect(await assigneeOf(world)).toBeNull();
    expect(await record(deps, event)).toBe(0);
    expect(await assigneeOf(world)).toEqual(core);
    expect(counted(world, gate('debounce'))).toBe(0);
    // From then on it is remembered, beside the assignment that it led to.
    expect(await redis().exists(`owner_exists:1:{${issue}}`)).toBe(1);
  });

  it('of an issue that was taken from its holder meanwhile are not remembered', async () => {
    const world = await ownersWorld();
    const { deps, issue } = world;
    const fillOwnerExists: typeof deps.ownerCaches.fillOwnerExists = async (...args) => {
      await updateGroups(deps, {
        organizationId: '1',
        groupIds: [issue],
        projects: null,
        update: assignedTo(null),
        initiator: { actingUserId: '11', requestId: 'r1' },
      });
      return deps.ownerCaches.fillOwnerExists(...args);
    };
    const ownerCaches = { ...deps.ownerCaches, fillOwnerExists };
    await record({ ...deps, ownerCaches }, seen({ groupId: issue }));
    expect(await assigneeOf(world)).toBeNull();
    expect(await redis().exists(`owner_exists:1:{${issue}}`)).toBe(0);
  });

  it('of a second delivery change nothing, also after somebody unassigned the issue', async () => {
    const world = await ownersWorld();
    const { deps, issue, stores } = world;
    const event = seen({ groupId: issue });
    await record(deps, event);
    await deps.ownerCaches.invalidateGroups([issue]);
    const before = await stores.assignments.ofGroup(issue);
    await record(deps, event);
    expect(await stores.assignments.ofGroup(issue)).toEqual(before);
    expect(await redis().exists(`owner_exists:1:{${issue}}`)).toBe(0);
  });

  it('need no cache', async () => {
    const world = await ownersWorld();
    const client = createCacheClient({ host: '127.0.0.1', port: 9, auth: { kind: 'none' } });
    const deps = {
      ...world.deps,
      ownerCaches: createOwnerCaches(client),
      ownershipCache: createOwnershipCache<never, never>(client),
      rateLimits: createRateLimits(client, { waitMs: HANG_GUARD_MS }),
    };
    const isolated = { ...deps, ruleReader: createRuleReader(deps) };
    expect(await record(isolated, seen({ groupId: world.issue }))).toBe(0);
    expect(await assigneeOf(world)).toEqual(core);
  });

  it('at once for many events leave one assignment and one set of owners', async () => {
    const world = await ownersWorld({
      ownership: [{ project: '31', raw: 'path:app/* #core bob@acme.io' }],
    });
    const { deps, stores, shop } = world;
    const fingerprint = randomUUID();
    await Promise.all(Array.from({ length: 5 }, () => record(deps, seen({ fingerprint }))));
    const { group, assignment } = await groupOf(stores, shop, fingerprint);
    expect(assignment).toMatchObject({ assignee: core, version: 1 });
    expect((await stores.owners.ofGroup(group.id)).map(({ owner }) => owner)).toEqual([
      'team:21',
      'user:12',
    ]);
  });
});
