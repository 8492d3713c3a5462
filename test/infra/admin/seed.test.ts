import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WorldInput } from '../../../infra/world/schema.ts';
import { newTokenText } from '../../../shared/domain/directory/token-text.ts';
import { authenticate } from '../../../shared/operations/lookup/authenticate.ts';
import {
  type CommandEngine,
  type CommandStack,
  startCommandEngine,
} from '../../support/commands/command-stack.ts';
import { repository } from '../../support/product-source.ts';
import { smallWorld } from '../../support/world.ts';

const acme = join(repository, 'infra/world/worlds/acme.json');

let engine: CommandEngine;
let stack: CommandStack;
let folder: string;
beforeAll(async () => {
  engine = await startCommandEngine();
  folder = mkdtempSync(join(tmpdir(), 'baton-seed-'));
});
afterAll(async () => {
  await engine?.stop();
  rmSync(folder, { recursive: true });
});

let url: string;
let table: string;
let parameters: CommandStack['parameters'];
beforeEach(async () => {
  stack = await engine.startStack();
  ({ url, table, parameters } = stack);
  return () => stack.stop();
});

/** What a log has of a world on its way into a stage. */
const STEPS_OF_STAGE =
  'Claiming what the world creates in the stage alice.\nWriting rows to the stage alice.\n';

const seed = (...args: string[]) => stack.run('infra/admin/seed.ts', args);

/** A file with the small world, with whole nouns replaced. */
function worldFile(overrides: Partial<WorldInput> = {}, name = 'small.json'): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ ...smallWorld, ...overrides }));
  return file;
}

describe('the seed command', () => {
  it('writes a world into the local stack that runs, and prints what it wrote', async () => {
    const args = [acme, '--url', url];
    const { code, stdout, stderr } = await stack.runProcess('infra/admin/seed.ts', args);
    expect(stderr).toBe(`Writing rows to the local stack at ${url}.\n`);
    expect(code).toBe(0);
    expect(stdout).toContain(`Wrote ${acme} to the local stack at ${url}, table ${table}:`);
    expect(stdout).toMatch(/^ +4 groups$/m);
    expect(JSON.parse(parameters.get('/baton/local/local/github-501')?.value ?? '')).toMatchObject({
      token: 'tok1',
    });
  });

  it('can be repeated', async () => {
    await seed(acme, '--url', url);
    expect(await seed(acme, '--url', url, '--json')).toMatchObject({ code: 0, stderr: '' });
  });

  it.each<[string, () => string[], RegExp]>([
    ['no file', () => [], /^Give the name of one file with a world\.\nUsage: npm run seed -- FILE/],
    ['an option that there is not', () => [acme, '--ulr', 'x'], /Usage: npm run seed/],
    ['both places at once', () => [worldFile(), '--stage', 'a', '--url', url], /give one of them/],
    ['a file that is not there', () => ['none.json'], /^The world none\.json cannot be read/],
    ['no stack', () => [acme, '--url', 'http://127.0.0.1:9'], /^Nothing answers at .* npm start/],
    ['something else than the stack', () => [acme, '--url', `${url}/else`], /is not a local stack/],
    [
      'a stage that there is not',
      () => [worldFile(), '--stage', 'nobody'],
      /have no stage "nobody".*npm run deploy/,
    ],
  ])('says in a sentence what is wrong: %s', async (_, args, expected) => {
    const { code, stderr } = await seed(...args());
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toContain('    at ');
  });
});

describe('seeding a deployed stage', () => {
  const tokenIn = (stdout: string) => /\b(baton_[0-9A-Za-z]{46})\b/.exec(stdout)?.[1] ?? '';
  const reach = async (token: string) =>
    (
      await authenticate(
        { ...stack.stores, clock: () => new Date().toISOString() },
        `Bearer ${token}`,
      )
    )?.organizations.map(({ slug }) => slug);

  it('makes its tokens anew and prints them once; those of the world are nobody', async () => {
    stack.deploy('alice');
    const file = worldFile({
      secrets: { 'team/gitlab': { token: 'of-the-team', webhookSecrets: [] } },
    });
    const { code, stdout, stderr } = await seed(file, '--stage', 'alice');
    expect(stderr).toBe(STEPS_OF_STAGE);
    expect(code).toBe(0);
    expect(stdout).toContain(`to the stage alice, table ${table}:`);
    expect(parameters.get('/baton/alice/team/gitlab')?.type).toBe('SecureString');
    const token = tokenIn(stdout);
    expect(await reach(token)).toEqual(['acme']);
    expect(await reach('token-of-alice')).toBeUndefined();

    const again = await seed(file, '--stage', 'alice');
    expect(again).toMatchObject({ code: 0, stderr: STEPS_OF_STAGE });
    expect(tokenIn(again.stdout)).toBe('');
    expect(again.stdout).toContain('1 token of an earlier run kept');
    expect(await reach(token)).toEqual(['acme']);
  });

  it('prints one line of JSON for programs', async () => {
    stack.deploy('alice');
    const { stdout } = await seed(worldFile(), '--stage', 'alice', '--json');
    const { tokens, written } = JSON.parse(stdout);
    expect(written).toMatchObject({ organizations: 2, tokens: 1 });
    expect(await reach(tokens[0].token)).toEqual(['acme']);
  });

  it('never writes over what it has not made, and then writes nothing', async () => {
    stack.deploy('alice');
    await seed(worldFile({}, 'first.json'), '--stage', 'alice');
    const file = worldFile(
      {
        organizations: smallWorld.organizations.map((one) => ({
          ...one,
          id: one.slug === 'acme' ? '7' : one.id,
          name: 'Changed',
        })),
        secrets: { 'team/new': { token: 'x', webhookSecrets: [] } },
      },
      'second.json',
    );
    const { code, stderr } = await seed(file, '--stage', 'alice');
    expect(code).toBe(1);
    expect(stderr).toMatch(/not created by this world:\n {2}organization 2\n {2}user 11\n/);
    expect(stderr).toContain('organization slug acme, of the organization 1');
    expect((await stack.stores.organizations.byId('2'))?.name).toBe('Globex');
    expect(await stack.stores.organizations.byId('7')).toBeUndefined();
    expect(parameters.get('/baton/alice/team/new')).toBeUndefined();
  });

  it('leaves a parameter that somebody else has put', async () => {
    stack.deploy('alice');
    parameters.put('/baton/alice/team/gitlab', 'theirs');
    const file = worldFile({ secrets: { 'team/gitlab': { token: 'ours', webhookSecrets: [] } } });
    const { code, stderr } = await seed(file, '--stage', 'alice');
    expect(code).toBe(1);
    expect(stderr).toContain('parameter /baton/alice/team/gitlab');
    expect(parameters.get('/baton/alice/team/gitlab')?.value).toBe('theirs');
  });

  it('takes tokens as they stand only if Baton has made them', async () => {
    stack.deploy('alice');
    const token = newTokenText(() => 7);
    const tokens = [{ ...smallWorld.tokens[0], token }] as WorldInput['tokens'];
    const kept = await seed(worldFile({ tokens }), '--stage', 'alice', '--keep-tokens');
    expect(kept).toMatchObject({ code: 0, stderr: STEPS_OF_STAGE });
    expect(kept.stdout).not.toContain(token);
    expect(await reach(token)).toEqual(['acme']);
    for (const text of ['a', 'token-of-alice', 'baton_local_alice', `${token}0`]) {
      const weak = [{ ...smallWorld.tokens[0], token: text }] as WorldInput['tokens'];
      const refused = await seed(worldFile({ tokens: weak }), '--stage', 'alice', '--keep-tokens');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/tokens\[0\] (?:can be guessed|is in a world)/);
      expect(await reach(text)).toBeUndefined();
    }
  });

  const tracker = {
    id: '501',
    organization: 'acme',
    provider: 'gitlab',
    name: 'GitLab',
    baseUrl: 'https://gitlab.com/api/v4',
    secretRef: 'team/gitlab',
    config: {},
  } as const;
  const published = JSON.parse(readFileSync(acme, 'utf8')).secrets['local/github-501'];
  it.each<[string, Partial<WorldInput>, RegExp]>([
    [
      'an address inside a network',
      { integrations: [{ ...tracker, baseUrl: 'https://10.0.0.1/' }] },
      /the integration 501: .* not on the public internet/,
    ],
    [
      'a tracker without TLS',
      { integrations: [{ ...tracker, baseUrl: 'http://gitlab.com/' }] },
      /the integration 501: .*https/,
    ],
    [
      'a tracker that may be anywhere',
      { integrations: [{ ...tracker, allowPrivateAddress: true }] },
      /the integration 501 may have a private address/,
    ],
    [
      'webhooks that may go anywhere',
      {
        organizations: smallWorld.organizations.map((one) => ({
          ...one,
          options: { 'webhooks.allow-private-address': one.slug === 'acme' },
        })),
      },
      /the webhooks of acme may have private addresses/,
    ],
    [
      'a secret that everybody knows',
      { secrets: { 'team/gitlab': published } },
      /the secret team\/gitlab is in a world/,
    ],
  ])('refuses %s, before it asks AWS for anything', async (_, overrides, expected) => {
    const { code, stderr } = await seed(worldFile(overrides), '--stage', 'nobody');
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toContain('have no stage');
  });

  it('refuses the demo world, whose secrets and tokens are published', async () => {
    stack.deploy('alice');
    const { code, stderr } = await seed(acme, '--stage', 'alice');
    expect(code).toBe(1);
    expect(stderr).toMatch(/the integration 501 may have a private address/);
    expect(await stack.stores.organizations.byId('1')).toBeUndefined();
  });

  it('wants to hear that prod is meant', async () => {
    stack.deploy('prod');
    const refused = await seed(worldFile(), '--stage', 'prod');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('--yes-prod');
    expect(await seed(worldFile(), '--stage', 'prod', '--yes-prod')).toMatchObject({ code: 0 });
  });
});
