import { describe, expect, it } from 'vitest';
import { createOwnershipCache } from '../../../shared/cache/ownership-cache.ts';
import { copyProjectOwnership } from '../../../shared/operations/ownership/copy-project-ownership.ts';
import { ownershipItems } from '../../../shared/stores/ownership/ownership.ts';
import type { Item } from '../../../shared/stores/table.ts';
import { sharedCache } from '../../cache/clients.ts';
import { NOW, project } from '../../support/builders.ts';
import { recordedEvents } from '../../support/consistency.ts';
import { surroundings } from '../../support/operations.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const rules = {
  raw: 'path:src/* #core',
  autoAssignment: true,
  suspectCommitterAutoAssignment: false,
  fallthrough: false,
  codeownersAutoSync: true,
  dateCreated: NOW,
  lastUpdated: NOW,
};

async function worldWithRules(): Promise<TestWorld> {
  const world = await worldOnFreshTable();
  const put = (Item: Item) => ({ name: 'ownership', put: { Item } });
  await world.stores.transact(ownershipItems(project(), rules, 1).map(put));
  return world;
}

/** Copies from shop (31) to site (32), and answers the rules of site. */
async function copy(
  world: TestWorld,
  rulesSaves: TestWorld['stores']['rulesSaves'] = world.stores.rulesSaves,
) {
  const cache = createOwnershipCache<unknown, unknown>(sharedCache());
  const target = (await world.stores.projects.withTeams('32'))?.project ?? project();
  await copyProjectOwnership(
    {
      ...surroundings(),
      ...world.stores,
      rulesSaves,
      ownershipCache: cache,
    },
    { sourceId: '31', target, initiator: { actingUserId: '11', requestId: 'r1' } },
  );
  return world.stores.ownership.ofProject('32');
}

async function changesOf(world: TestWorld) {
  return (await recordedEvents(world.stores.table))
    .filter(({ type, detail }) => type === 'ownership.changed' && detail.projectId === '32')
    .map(({ detail }) => ({ version: detail.version, data: detail.data }));
}

describe('rules that are copied', () => {
  it('take the place of a project’s own, are told once, and make what the cache knows stale', async () => {
    const world = await worldWithRules();
    const { ownership } = await copy(world);
    expect(ownership).toMatchObject({
      raw: rules.raw,
      autoAssignment: true,
      suspectCommitterAutoAssignment: false,
      fallthrough: false,
    });
    await copy(world);
    const changed = expect.arrayContaining(['raw', 'fallthrough']);
    expect(await changesOf(world)).toEqual([
      { version: 1, data: { changed, source: 'ownership' } },
    ]);
    const cache = createOwnershipCache<unknown, unknown>(sharedCache());
    await cache.fillOwnership('32', { raw: null }, Date.now() / 1000 - 60);
    expect(await cache.read({ organizationId: '1', projectId: '32' })).toMatchObject({
      ok: true,
      value: { ownership: undefined },
    });
  });

  it('are decided anew when somebody else saves in between', async () => {
    const world = await worldWithRules();
    const { commit } = world.stores.rulesSaves;
    let saves = 0;
    const { ownership } = await copy(world, {
      commit: (given, before, after) =>
        saves++ === 0
          ? Promise.resolve({ committed: false, refused: ['version'] })
          : commit(given, before, after),
    });
    expect(ownership?.raw).toBe(rules.raw);
    expect(saves).toBe(2);
  });

  it.each<[string, ('project' | 'version')[], string]>([
    ['is on its way out', ['project'], 'The requested resource does not exist'],
    ['is saved by others without end', ['version'], 'Copy project settings failed.'],
  ])('are not, where the project %s', async (_, refused, detail) => {
    const world = await worldWithRules();
    const outcome = copy(world, { commit: async () => ({ committed: false, refused }) });
    await expect(outcome).rejects.toMatchObject({ detail });
  });
});
