import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isTokenText } from '../../../shared/domain/directory/token-text.ts';
import { authenticate } from '../../../shared/operations/lookup/authenticate.ts';
import {
  type CommandEngine,
  type CommandStack,
  startCommandEngine,
} from '../../support/commands/command-stack.ts';

let engine: CommandEngine;
let stack: CommandStack;
beforeAll(async () => {
  engine = await startCommandEngine();
});
afterAll(() => engine?.stop());
beforeEach(async () => {
  stack = await engine.startStack();
  return () => stack.stop();
});

const admin = (line: string, input = '') =>
  stack.run('infra/admin/admin.ts', [...line.split(' '), '--url', stack.url], input);

/** Runs a command that has to work, and answers its line of JSON. */
async function done(line: string, input = '') {
  const { code, stdout, stderr } = await admin(`${line} --json`, input);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

const reach = async (token: string) =>
  (
    await authenticate(
      { ...stack.stores, clock: () => new Date().toISOString() },
      `Bearer ${token}`,
    )
  )?.organizations.map(({ slug }) => slug);

describe('from an empty stage to a token that is let in', () => {
  it('an operator makes an organization, people, a team and tokens, and ends them', async () => {
    const organization = await done('organizations make --name Newco');
    expect(await done('organizations list')).toEqual([
      { ...organization, dateCreated: expect.any(String) },
    ]);
    const team = await done('teams make --organization newco --name Core');
    expect(await done('teams list --organization newco')).toMatchObject([
      { id: team.id, slug: 'core' },
    ]);
    const zoe = await done('users make --username zoe --name Zoe --email zoe@new.io');
    await done('members add --organization newco --user zoe@new.io --role owner --team core');
    expect(await done('users list --organization newco')).toEqual([
      { id: zoe.id, username: 'zoe', name: 'Zoe', role: 'owner', state: 'active' },
    ]);

    const made = await admin(
      'tokens make --organization newco --user zoe --scope org:read --name laptop --expires 90d',
    );
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const [sentence = '', token = '', ...more] = made.stdout.trimEnd().split('\n');
    expect(more).toEqual([]);
    expect(sentence).toMatch(/^Made the token [0-9a-f]{16} of newco .* for zoe, which expires at /);
    expect(isTokenText(token)).toBe(true);
    expect(await reach(token)).toEqual(['newco']);

    expect((await admin('users deactivate zoe')).stderr).toContain('only remaining owner');
    expect(await reach(token)).toEqual(['newco']);
    await done('users make --username max');
    await done('members add --organization newco --user max --role owner');
    await done('users deactivate zoe');
    expect(await reach(token)).toEqual([]);
    await done('users activate zoe');
    expect(await reach(token)).toEqual(['newco']);

    const [listed] = await done('tokens list --organization newco');
    expect(listed).toMatchObject({
      name: 'laptop',
      lastCharacters: token.slice(-4),
      user: 'zoe',
      scopes: ['org:read'],
      isExpired: false,
    });
    const shown = (await admin('tokens list --user zoe')).stdout;
    expect(shown).toContain(`...${token.slice(-4)}`);
    expect(shown).not.toContain(token);

    const rotated = await done(`tokens rotate ${listed.id} --organization newco --overlap 1h`);
    expect(await reach(token)).toEqual(['newco']);
    expect(await reach(rotated.token)).toEqual(['newco']);
    expect(rotated.replaced.endsAt).toMatch(/Z$/);
    expect(rotated.dateExpires).not.toBeNull();

    await done('tokens revoke', `${token}\n`);
    expect(await reach(token)).toBeUndefined();
    await done(`tokens revoke ${rotated.id} --user zoe`);
    expect(await reach(rotated.token)).toBeUndefined();

    const robot = await done('tokens make --organization newco --scope event:admin');
    await done('members remove --organization newco --user zoe');
    expect(await done('users list --organization newco')).toMatchObject([{ username: 'max' }]);
    const last = await admin('members remove --organization newco --user max');
    expect(last.stderr).toContain('only remaining owner');
    expect(await reach(robot.token)).toEqual(['newco']);
  });

  it('finds a deployed stage by its parameters, as a process', async () => {
    stack.deploy('alice');
    const { code, stdout } = await stack.runProcess('infra/admin/admin.ts', [
      ...'organizations make --name Newco --stage alice'.split(' '),
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Made the organization newco \(\d+\) in the stage alice\.\n$/);
    const refused = await stack.runProcess('infra/admin/admin.ts', ['toString']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^There is no command toString\.\nUsage:/);
  });
});

describe('a command', () => {
  it.each([
    ['organizations', /organizations make --name NAME/],
    ['tokens', /tokens rotate ID/],
    ['secrets', /secrets set INTEGRATION/],
    ['leftovers', /leftovers --stage NAME/],
  ])('%s says with --help how it is called', async (name, expected) => {
    const { code, stdout } = await admin(`${name} --help`);
    expect(code).toBe(0);
    expect(stdout).toMatch(expected);
  });

  it.each<[string, string, RegExp]>([
    ['nothing to do', 'tokens', /^Use tokens make or tokens list or/],
    ['something else to do', 'tokens toString', /^Use tokens make or/],
    ['no scope', 'tokens make --organization x', /^Say with --scope/],
    ['an unknown scope', 'tokens make --organization x --scope a:b', /^There is no scope a:b; /],
    [
      'a token that is over already',
      'tokens make --organization x --scope org:read --expires 2020-01-01',
      /^--expires 2020-01-01 is in the past/,
    ],
    [
      'a life that is none',
      'tokens make --organization x --scope org:read --expires soon',
      /^--expires takes a time such as/,
    ],
    ['nobody’s token', 'tokens list', /^Give the owner of the token/],
    ['an unknown organization', 'tokens list --organization x', /^There is no organization "x" in/],
    ['an unknown user', 'users deactivate x', /^There is no user "x" in/],
    ['no address', 'users make --username x --email y', /^y is not an e-mail address/],
    ['an unknown feature', 'organizations make --name x --feature y', /^There is no feature y; /],
    ['an unknown role', 'members add --organization x --user y --role z', /^There is no role z; /],
    ['too many words', 'users deactivate x y', /^Unexpected arguments: y/],
  ])('says in a sentence what is wrong: %s', async (_, line, expected) => {
    const { code, stderr } = await admin(line);
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toContain('    at ');
  });
});
