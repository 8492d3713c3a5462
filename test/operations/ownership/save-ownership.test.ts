import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { createCacheClient } from '../../../shared/cache/client.ts';
import { createOwnershipCache } from '../../../shared/cache/ownership-cache.ts';
import {
  createCodeowners,
  listCodeowners,
  removeCodeowners,
  updateCodeowners,
} from '../../../shared/operations/ownership/codeowners.ts';
import { readOwnership } from '../../../shared/operations/ownership/read-ownership.ts';
import { saveOwnership } from '../../../shared/operations/ownership/save-ownership.ts';
import { createOutboxStore } from '../../../shared/stores/outbox.ts';
import { callsOf, ownCache } from '../../cache/clients.ts';
import { ownersWorld } from '../../support/owners.ts';

type World = Awaited<ReturnType<typeof ownersWorld>>;

const project = {
  organizationId: '1',
  project: 'shop',
  initiator: { actingUserId: '12', requestId: 'r' },
};

const github = {
  id: '501',
  organization: 'acme',
  provider: 'github',
  name: 'acme/web',
  baseUrl: 'https://api.github.com/repos/acme/web',
  secretRef: 'local/github-501',
  config: {},
} as const;

const save = (
  { deps }: Pick<World, 'deps'>,
  change: Parameters<typeof saveOwnership>[1]['change'],
  more = {},
) => saveOwnership(deps, { ...project, change, isTeamAdmin: false, ...more });

/** What was told of the project's rules, oldest first. */
async function told({ stores }: World) {
  const since = new Date(Date.now() - 60_000).toISOString();
  const until = new Date(Date.now() + 60_000).toISOString();
  const events: { version: number; data: unknown }[] = [];
  for await (const { detail } of createOutboxStore(stores.table).eventsSince({
    since,
    until,
    type: 'ownership.changed',
  })) {
    events.push(JSON.parse(detail));
  }
  return events.map(({ version, data }) => ({ version, data }));
}

describe('saving rules', () => {
  it('keeps them as they were written, with owners as they are today, and tells of it', async () => {
    const world = await ownersWorld({ ownership: [] });
    const raw = '# ours\r\npath:app/* #core Bob@acme.io  \n';
    const saved = await save(world, { raw });
    const { ownership, schema } = saved;
    expect(ownership).toMatchObject({ raw, autoAssignment: true, fallthrough: true });
    expect(schema?.rules).toEqual([
      {
        matcher: { type: 'path', pattern: 'app/*' },
        owners: [
          { type: 'team', name: 'core', id: '21' },
          { type: 'user', name: 'bob@acme.io', id: '12' },
        ],
      },
    ]);
    expect(await readOwnership(world.deps, project)).toEqual(saved);
    expect(await told(world)).toEqual([
      { version: 1, data: { changed: ['raw'], source: 'ownership' } },
    ]);
  });

  it('tells nothing where nothing changes, and which fields where some do', async () => {
    const world = await ownersWorld();
    await save(world, { raw: 'path:app/* #core', fallthrough: true });
    expect(await told(world)).toEqual([]);
    const off = { autoAssignment: false, suspectCommitterAutoAssignment: false };
    await save(world, { raw: ' \n ', fallthrough: false, ...off });
    expect(await told(world)).toEqual([
      {
        version: 1,
        data: { changed: ['raw', 'fallthrough', 'autoAssignment'], source: 'ownership' },
      },
    ]);
    const read = await readOwnership(world.deps, project);
    expect(read).toMatchObject({ ownership: { raw: null, fallthrough: false }, schema: null });
  });

  it('by many at once saves all, one after the other', async () => {
    const world = await ownersWorld();
    const raws = Array.from({ length: 6 }, (_, index) => `path:${index}/* #core`);
    await Promise.all(raws.map((raw) => save(world, { raw })));
    const versions = (await told(world)).map(({ version }) => version);
    expect(versions.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(raws).toContain((await readOwnership(world.deps, project)).ownership?.raw);
  });

  it('costs one cache write, whatever the number of groups', async () => {
    const groups = Array.from({ length: 300 }, (_, index) => ({
      id: String(9_000 + index),
      project: '31',
      title: 't',
    }));
    const world = await ownersWorld({ groups });
    const engine = await ownCache();
    const client = createCacheClient({ ...engine, auth: { kind: 'none' } });
    const redis = new Redis(engine.url);
    try {
      const ownershipCache = createOwnershipCache<never, never>(client);
      const deps = { ...world.deps, ownershipCache };
      await save({ deps } as unknown as World, { raw: 'path:x #core' });
      expect(await redis.keys('*')).toEqual([`ownership_version:1:{${world.shop}}`]);
      expect(await callsOf(redis, 'set', 'setex', 'del', 'unlink')).toBe(1);
      expect(await redis.ttl(`ownership_version:1:{${world.shop}}`)).toBeGreaterThan(86_390);
    } finally {
      redis.disconnect();
      await client.close();
      await engine.stop();
    }
  });

  it.each<[string, string, readonly string[]]>([
    [
      'a line that is no rule',
      'path:a #core\n  path:b',
      ['Parse error: ownership (line 2, column 3)'],
    ],
    [
      'owners who may not',
      'path:a #web carol@acme.io nobody@x.io #core\npath:b dave@acme.io',
      [
        "Team #web does not have access to project 'shop'.",
        "User carol@acme.io does not have access to project 'shop'.",
        'User nobody@x.io is not a member of this organization.',
        'User dave@acme.io is not a member of this organization.',
      ],
    ],
    [
      'CODEOWNERS lines',
      'codeowners:/a #core',
      ['Codeowner type paths can only be added by importing CODEOWNER files'],
    ],
    [
      'too long a text',
      `path:${'a'.repeat(100_000)} #core`,
      ['Raw needs to be <= 100000 characters in length'],
    ],
  ])('refuses %s', async (_, raw, messages) => {
    const world = await ownersWorld();
    await expect(save(world, { raw })).rejects.toMatchObject({ fields: { raw: messages } });
    expect(await told(world)).toEqual([]);
  });

  it('refuses thousands of strangers in a moment, and knows the members among them', async () => {
    const world = await ownersWorld();
    const strangers = Array.from({ length: 3_000 }, (_, index) => `u${index}@x.io`);
    const raw = `path:a carol@acme.io ${strangers.join(' ')} bob@acme.io`;
    const refusal = await save(world, { raw }).then(
      () => undefined,
      (error) => error.fields.raw as string[],
    );
    expect(refusal).toHaveLength(3_001);
    expect(refusal?.slice(0, 2)).toEqual([
      "User carol@acme.io does not have access to project 'shop'.",
      'User u0@x.io is not a member of this organization.',
    ]);
  });

  it.each([
    ['a member of the team', { actingUserId: '12' }, false, true],
    ['a member of another team', { actingUserId: '13' }, false, false],
    ['an organization’s token', { actingUserId: null }, false, false],
    ['a team admin', { actingUserId: null }, true, true],
  ])('under closed membership takes a team from %s: %#', async (_, who, isTeamAdmin, isTaken) => {
    const world = await ownersWorld();
    const initiator = { ...project.initiator, ...who };
    const saving = save(world, { raw: 'path:x #core' }, { initiator, isTeamAdmin });
    if (isTaken) {
      expect((await saving).ownership?.raw).toBe('path:x #core');
    } else {
      await expect(saving).rejects.toMatchObject({
        fields: { raw: ['You do not have permission to assign ownership to one or more teams.'] },
      });
    }
  });

  it('to a project that is on its way out, or another organization’s, finds none', async () => {
    const world = await ownersWorld();
    for (const project of ['plant', '39', 'nope']) {
      await expect(save(world, { raw: 'path:x #core' }, { project })).rejects.toMatchObject({
        code: 'resource.not_found',
      });
    }
  });
});

describe('CODEOWNERS', () => {
  it('tell what they come to, and whom they name in vain', async () => {
    const world = await ownersWorld();
    const raw =
      '/src/ bob@acme.io @stranger\n/web/ carol@acme.io\n*.md nobody@x.io @acme/gone\n/free/';
    const file = await createCodeowners(world.deps, project, {
      raw,
      codeMapping: { sourceRoot: 'src', stackRoot: 'app' },
    });
    expect(file.schema.rules).toEqual([
      {
        matcher: { type: 'codeowners', pattern: '/app/' },
        owners: [{ type: 'user', name: 'bob@acme.io', id: '12' }],
      },
      { matcher: { type: 'codeowners', pattern: '/free/' }, owners: [] },
    ]);
    expect(file.errors).toEqual({
      missing_user_emails: ['nobody@x.io'],
      missing_external_users: ['@stranger'],
      missing_external_teams: ['@acme/gone'],
      teams_without_access: [],
      users_without_access: ['carol@acme.io'],
    });
    expect(await listCodeowners(world.deps, project)).toEqual([file]);
    expect(await told(world)).toEqual([
      { version: 1, data: { changed: ['raw', 'codeMapping'], source: 'codeowners' } },
    ]);
  });

  it('say which team, person or account an unknown name is near to', async () => {
    const world = await ownersWorld({
      integrations: [github],
      externalActors: [
        { integration: '501', team: '21', externalId: '8', externalName: '@acme/core' },
      ],
      ownership: [{ project: '31', raw: 'path:a #coer #cores bobb@acme.io nobody@far.example' }],
      codeowners: [{ project: '31', raw: '/a @acme/coree @zoe alicee@acme.io\n' }],
    });
    const { diagnostics } = await readOwnership(world.deps, project);
    expect(diagnostics.map(({ column, suggestion }) => [column, suggestion])).toEqual([
      [8, '#core'],
      [14, '#core'],
      [21, 'bob@acme.io'],
      [34, null],
    ]);
    const [file] = await listCodeowners(world.deps, project);
    expect(file?.diagnostics.map(({ column, suggestion }) => [column, suggestion])).toEqual([
      [4, '@acme/core'],
      [16, null],
      [21, 'alice@acme.io'],
    ]);
  });

  it('are changed and removed, each with its event; what changes nothing has none', async () => {
    const world = await ownersWorld();
    const { codeowners } = await createCodeowners(world.deps, project, { raw: '* bob@acme.io' });
    const there = { ...project, id: codeowners.id };
    await updateCodeowners(world.deps, there, { raw: '* bob@acme.io' });
    const changed = await updateCodeowners(world.deps, there, { raw: '*.py bob@acme.io' });
    expect(changed.codeowners).toMatchObject({ id: codeowners.id, raw: '*.py bob@acme.io' });
    await removeCodeowners(world.deps, there);
    expect((await told(world)).map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(await listCodeowners(world.deps, project)).toEqual([]);
    await expect(removeCodeowners(world.deps, there)).rejects.toMatchObject({
      code: 'resource.not_found',
    });
  });

  it('are refused where they are too large, alone or together', async () => {
    const world = await ownersWorld();
    const raw = `${'# comment\n'.repeat(74_000)}* bob@acme.io`;
    await expect(
      createCodeowners(world.deps, project, { raw: `# ${'ü'.repeat(375_000)}` }),
    ).rejects.toMatchObject({ fields: { raw: ['Raw needs to be <= 750000 bytes in length'] } });
    await createCodeowners(world.deps, project, { raw });
    await expect(createCodeowners(world.deps, project, { raw })).rejects.toMatchObject({
      fields: { raw: [expect.stringMatching(/together$/)] },
    });
  });
});
