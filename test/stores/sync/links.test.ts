import { beforeEach, describe, expect, it } from 'vitest';
import type { ExternalActor } from '../../../shared/domain/sync/integration.ts';
import type { IssueLink } from '../../../shared/domain/sync/issue-link.ts';
import { namesChangedEvent } from '../../support/saving.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

let world: TestWorld;
let link: IssueLink;

beforeEach(async () => {
  world = await worldOnFreshTable({
    integrations: ['501', '502'].map((id) => ({
      id,
      organization: 'acme',
      provider: 'github' as const,
      name: 'GitHub',
      baseUrl: 'https://api.github.com',
      secretRef: 'none',
      config: {},
    })),
    links: [
      { group: '101', integration: '501', key: 'Acme/A#1' },
      { group: '102', integration: '501', key: 'acme/a#1' },
      { group: '102', integration: '502', key: 'acme/a#1' },
    ],
  });
  link = (await world.stores.links.ofGroup('101'))[0]!;
});

describe('links', () => {
  it('are found by the external issue, however its key is written, in one tracker', async () => {
    const { links } = world.stores;
    const found = await links.ofExternalKey('501', 'ACME/a#1');
    expect(found.map(({ groupId }) => groupId).sort()).toEqual(['101', '102']);
    expect(await links.isLinked('502', 'acme/A#1')).toBe(true);
    expect(await links.isLinked('502', 'acme/a#2')).toBe(false);
    expect(await links.isLinked('502', 'x'.repeat(5_000))).toBe(false);
  });

  it('are written by one of two who have read the same', async () => {
    const { links } = world.stores;
    const saves = await Promise.all(
      ['ok', 'pending'].map((status) =>
        links.save({
          link: { ...link, status: status as IssueLink['status'], revision: link.revision + 1 },
          readRevision: link.revision,
        }),
      ),
    );
    expect(saves.filter(Boolean)).toHaveLength(1);
  });

  it.each([
    [null, true],
    [1, false],
  ])('are written while the assignment is at version %s: %s', async (whileVersion, expected) => {
    const next = { ...link, revision: 2 };
    expect(await world.stores.links.save({ link: next, readRevision: 1, whileVersion })).toBe(
      expected,
    );
  });

  it('that were removed are not written back by somebody who had read them', async () => {
    const { links } = world.stores;
    await links.remove(link);
    expect(await links.save({ link: { ...link, revision: 2 }, readRevision: 1 })).toBe(false);
    expect(await links.byId('101', link.id)).toBeUndefined();
  });
});

describe('integrations', () => {
  it('are paused until the later of two moments', async () => {
    const { integrations } = world.stores;
    expect(await integrations.pause('501', 2_000)).toBe(true);
    expect(await integrations.pause('501', 1_000)).toBe(false);
    expect((await integrations.byId('501'))?.pausedUntilMs).toBe(2_000);
    expect(await integrations.pause('999', 2_000)).toBe(false);
  });

  it('have their credentials renewed by one at a time, and by another one after a crash', async () => {
    const { integrations } = world.stores;
    const claim = (nowMs: number) => integrations.claimRenewal('501', nowMs, nowMs + 100);
    expect((await Promise.all([claim(1_000), claim(1_000)])).filter(Boolean)).toHaveLength(1);
    expect(await claim(1_099)).toBe(false);
    expect(await claim(1_100)).toBe(true);
    await integrations.endRenewal('501');
    expect(await claim(1_101)).toBe(true);
  });
});

describe('external actors', () => {
  const actor: ExternalActor = {
    id: '1',
    organizationId: '1',
    integrationId: '501',
    provider: 'github',
    actor: { type: 'user', id: '11' },
    externalId: '7',
    externalName: '@Octo#Cat',
    knownBy: 'hand',
  };

  it('are found by whom they stand for, by their id and by their name, in one tracker', async () => {
    const { externalActors } = world.stores;
    await externalActors.insert(actor, namesChangedEvent());
    expect(await externalActors.ofActor('501', actor.actor)).toEqual([actor]);
    expect(await externalActors.ofAccountId('501', '7')).toEqual([actor]);
    expect(await externalActors.ofAccountName('501', 'octo#cat')).toEqual([actor]);
    expect(await externalActors.ofAccountName('501', '@octo')).toEqual([]);
    expect(await externalActors.ofAccountId('502', '7')).toEqual([]);
    expect(await externalActors.ofAccountId('501', '')).toEqual([]);
  });

  it('are found as they are now, and not as they were', async () => {
    const { externalActors } = world.stores;
    await externalActors.insert(actor, namesChangedEvent());
    const renamed: ExternalActor = { ...actor, externalName: '@mona', externalId: '' };
    await externalActors.replace(actor, renamed, namesChangedEvent());
    expect(await externalActors.ofAccountName('501', 'octo#cat')).toEqual([]);
    expect(await externalActors.ofAccountId('501', '7')).toEqual([]);
    expect(await externalActors.ofAccountName('501', '@Mona')).toEqual([renamed]);
    await externalActors.remove(renamed, namesChangedEvent());
    expect(await externalActors.ofActor('501', actor.actor)).toEqual([]);
    expect(await externalActors.ofOrganization('1')).toEqual([]);
  });
});
