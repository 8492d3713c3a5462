import { describe, expect, it } from 'vitest';
import {
  createCodeowners,
  listCodeowners,
  removeCodeowners,
  updateCodeowners,
} from '../../../shared/operations/ownership/codeowners.ts';
import { readOwnership } from '../../../shared/operations/ownership/read-ownership.ts';
import { saveOwnership } from '../../../shared/operations/ownership/save-ownership.ts';
import { restoreVersion } from '../../../shared/operations/ownership/versions.ts';
import { eventIn, ownersWorld } from '../../support/owners.ts';
import { smallWorld } from '../../support/world.ts';

type World = Awaited<ReturnType<typeof ownersWorld>>;
type Change = Parameters<typeof saveOwnership>[1]['change'];

const initiator = { actingUserId: '12', requestId: 'r' };
const project = { organizationId: '1', project: 'shop', initiator };

const save = ({ deps }: World, change: Change, skipTests = false) =>
  saveOwnership(deps, { ...project, change, isTeamAdmin: true, skipTests });

const inCart = (expect: string | null, name = 'cart') => ({
  name,
  event: eventIn('app/cart.py'),
  platform: null,
  expect,
});

describe('tests beside the rules', () => {
  it('stop a save that fails them, and none other', async () => {
    const world = await ownersWorld();
    await save(world, { tests: [inCart('#core'), inCart('#CORE', 'loud')] }, true);
    const failing = { fields: { tests: ['cart: expected #core, got nobody'] } };
    await save(world, { tests: [inCart('#core')] });
    await expect(save(world, { raw: 'path:lib/* #core' })).rejects.toMatchObject(failing);
    await expect(save(world, { raw: null })).rejects.toMatchObject(failing);
    await expect(save(world, { tests: [inCart(null)] })).rejects.toMatchObject({
      fields: { tests: ['cart: expected nobody, got #core'] },
    });
    await save(world, { raw: 'path:app/* #core\npath:lib/* bob@acme.io' });
    const read = await readOwnership(world.deps, project);
    expect(read.tests).toEqual([inCart('#core')]);
  });

  it('that fail are told where they are skipped, and stop no change of settings', async () => {
    const world = await ownersWorld();
    await save(world, { tests: [inCart('#core')] });
    const { failedTests } = await save(world, { raw: 'path:app/* bob@acme.io' }, true);
    expect(failedTests).toEqual([
      { name: 'cart', passed: false, expected: '#core', got: 'bob@acme.io' },
    ]);
    const settings = await save(world, { fallthrough: false });
    expect(settings.ownership?.fallthrough).toBe(false);
    expect('failedTests' in settings).toBe(false);
  });

  it('know a person by each of their addresses, and nobody by a name that is nobody’s', async () => {
    const emails = ['bob@acme.io', 'bob@home.example'].map((email, index) => ({
      email,
      isPrimary: index === 0,
      isVerified: true,
    }));
    const users = smallWorld.users.map((user) => (user.id === '12' ? { ...user, emails } : user));
    const world = await ownersWorld({
      users,
      ownership: [{ project: '31', raw: 'path:app/* nobody@x.io Bob@acme.io #core' }],
    });
    await save(world, { tests: [inCart('BOB@home.example'), inCart('bob@acme.io', 'again')] });
    await expect(save(world, { tests: [inCart('#ghost')] })).rejects.toMatchObject({
      fields: { tests: ['cart: expected #ghost, got bob@acme.io'] },
    });
  });

  it('are run when CODEOWNERS change: added, changed and removed', async () => {
    const world = await ownersWorld({
      ownership: [{ project: '31', raw: '' }],
      codeowners: [{ project: '31', raw: '/app/ bob@acme.io' }],
    });
    await save(world, { tests: [inCart('bob@acme.io')] });
    const file = { ...project, id: '1' };
    const failing = (got: string) => ({
      fields: { tests: [`cart: expected bob@acme.io, got ${got}`] },
    });
    const raw = '/app/cart.py alice@acme.io';
    await expect(createCodeowners(world.deps, project, { raw })).rejects.toMatchObject(
      failing('alice@acme.io'),
    );
    await expect(updateCodeowners(world.deps, file, { raw: '/lib bob@acme.io' })).rejects.toEqual(
      expect.objectContaining(failing('nobody')),
    );
    await expect(removeCodeowners(world.deps, file)).rejects.toMatchObject(failing('nobody'));
    expect(await listCodeowners(world.deps, project)).toHaveLength(1);
    const made = await createCodeowners(world.deps, { ...project, skipTests: true }, { raw });
    expect(made.failedTests).toMatchObject([{ name: 'cart', got: 'alice@acme.io' }]);
    await removeCodeowners(world.deps, { ...file, skipTests: true });
  });

  it('stop the restoring of a version that fails them', async () => {
    const world = await ownersWorld({
      ownership: [{ project: '31', raw: 'path:app/* #core', tests: [inCart('#core')].map(bare) }],
    });
    await save(world, { raw: 'path:x #core', tests: [inCart(null)] });
    await save(world, { raw: 'path:app/* #core', tests: [] });
    const restore = (version: number, skipTests = false) =>
      restoreVersion(world.deps, {
        ...project,
        version,
        isTeamAdmin: true,
        force: false,
        skipTests,
      });
    expect((await restore(0)).tests).toEqual([inCart('#core')]);
    await save(world, { raw: 'path:y #core' }, true);
    await save(world, { raw: 'path:app/* #core' });
    await expect(restore(4)).rejects.toMatchObject({
      fields: { tests: ['cart: expected #core, got nobody'] },
    });
    expect((await restore(4, true)).failedTests).toHaveLength(1);
  });

  it.each<[string, readonly ReturnType<typeof inCart>[], string]>([
    ['two of one name', [inCart(null), inCart(null)], 'Two tests are called cart.'],
    [
      'too many',
      Array.from({ length: 101 }, (_, index) => inCart(null, `t${index}`)),
      'A project has at most 100 tests.',
    ],
    [
      'too long ones',
      [{ ...inCart(null), event: eventIn('x'.repeat(100_000)) }],
      'Tests need to be <= 100000 bytes together',
    ],
  ])('are refused: %s', async (_, tests, sentence) => {
    const world = await ownersWorld();
    await expect(save(world, { tests }, true)).rejects.toMatchObject({
      fields: { tests: [sentence] },
    });
  });
});

/** A test in the words of a world. */
function bare({ platform: _, ...test }: ReturnType<typeof inCart>) {
  return test;
}
