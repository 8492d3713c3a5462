import { describe, expect, it } from 'vitest';
import { stateOfOwnership } from '../../../shared/domain/editable-state.ts';
import { preconditionFailed } from '../../../shared/domain/errors.ts';
import { sameValue } from '../../../shared/domain/same-value.ts';
import { deleteTeam } from '../../../shared/operations/directory/delete-team.ts';
import {
  createCodeowners,
  listCodeowners,
  removeCodeowners,
  updateCodeowners,
} from '../../../shared/operations/ownership/codeowners.ts';
import { readOwnership } from '../../../shared/operations/ownership/read-ownership.ts';
import { saveOwnership } from '../../../shared/operations/ownership/save-ownership.ts';
import {
  listVersions,
  readVersion,
  restoreVersion,
} from '../../../shared/operations/ownership/versions.ts';
import { recordedEvents } from '../../support/consistency.ts';
import { ownersWorld } from '../../support/owners.ts';
import { smallWorld } from '../../support/world.ts';

type World = Awaited<ReturnType<typeof ownersWorld>>;
type Change = Parameters<typeof saveOwnership>[1]['change'];

const initiator = { actingUserId: '12', requestId: 'r' };
const project = { organizationId: '1', project: 'shop', initiator };

const save = ({ deps }: World, change: Change) =>
  saveOwnership(deps, { ...project, change, isTeamAdmin: true });
const restore = ({ deps }: World, version: number, more = {}) =>
  restoreVersion(deps, { ...project, version, isTeamAdmin: true, force: false, ...more });
const numbersOf = async ({ deps }: World) =>
  (await listVersions(deps, project)).map(({ version, savedBy, changed }) => [
    version,
    savedBy,
    changed,
  ]);

describe('versions of rules', () => {
  it('are what each save has made, with the numbers of the events, after what was there before', async () => {
    const world = await ownersWorld();
    expect(await numbersOf(world)).toEqual([[0, null, []]]);
    await save(world, { raw: 'path:b #core', fallthrough: false });
    await save(world, { raw: 'path:b #core' });
    const { codeowners } = await createCodeowners(world.deps, project, { raw: '/a bob@acme.io' });
    const file = { ...project, id: codeowners.id };
    await updateCodeowners(world.deps, file, { raw: '/b bob@acme.io' });
    await removeCodeowners(world.deps, file);
    expect(await numbersOf(world)).toEqual([
      [4, '12', ['codeowners']],
      [3, '12', ['codeowners']],
      [2, '12', ['codeowners']],
      [1, '12', ['raw', 'fallthrough']],
      [0, null, []],
    ]);
    const told = (await recordedEvents(world.stores.table)).filter(
      ({ type, detail }) => type === 'ownership.changed' && detail.requestId === 'r',
    );
    expect(told.map(({ detail }) => detail.version).sort()).toEqual([1, 2, 3, 4]);
    const { content } = await readVersion(world.deps, { ...project, version: 3 });
    expect(content.codeowners.map(({ raw }) => raw)).toEqual(['/b bob@acme.io']);
  });

  it('of a project that never saved any are none, and one that is not there is not found', async () => {
    const world = await ownersWorld({ ownership: [] });
    expect(await numbersOf(world)).toEqual([]);
    for (const version of [0, 1]) {
      await expect(readVersion(world.deps, { ...project, version })).rejects.toMatchObject({
        code: 'resource.not_found',
      });
      await expect(restore(world, version)).rejects.toMatchObject({ code: 'resource.not_found' });
    }
  });

  it('bring back text, tests, settings and every file', async () => {
    const world = await ownersWorld();
    const tests = [{ name: 'a', event: {}, platform: null, expect: null }];
    const kept = await createCodeowners(world.deps, project, { raw: '/a bob@acme.io' });
    const changed = await createCodeowners(world.deps, project, { raw: '/b bob@acme.io' });
    await save(world, { raw: 'path:a #core', tests, fallthrough: false });
    const before = await readOwnership(world.deps, project);
    const files = await listCodeowners(world.deps, project);
    const target = { ...project, id: changed.codeowners.id };
    await updateCodeowners(world.deps, target, { raw: '/c bob@acme.io' });
    await removeCodeowners(world.deps, { ...project, id: kept.codeowners.id });
    await createCodeowners(world.deps, project, { raw: '/new bob@acme.io' });
    await save(world, { raw: null, tests: [], autoAssignment: false });

    const restored = await restore(world, 3);
    const timeless = (shown: typeof before) => ({
      ...shown,
      ownership: { ...shown.ownership, lastUpdated: '' },
    });
    const { leftOut, ...shown } = restored;
    expect(leftOut).toEqual([]);
    expect(timeless(shown)).toEqual(timeless(before));
    expect(await readOwnership(world.deps, project)).toEqual(shown);
    const texts = (all: typeof files) => all.map(({ codeowners: { id, raw } }) => [id, raw]);
    expect(texts(await listCodeowners(world.deps, project))).toEqual(texts(files));
    const [newest] = await numbersOf(world);
    expect(newest).toEqual([8, '12', ['raw', 'autoAssignment', 'tests', 'codeowners']]);
    await restore(world, 3);
    expect((await numbersOf(world))[0]).toEqual(newest);
  });

  it('are restored as they are saved: refused for owners who are gone, or without them', async () => {
    const world = await ownersWorld({
      teams: [
        ...smallWorld.teams,
        { id: '23', organization: 'acme', slug: 'spare', name: 'Spare', members: [] },
      ],
      projects: smallWorld.projects.map((one) =>
        one.id === '31' ? { ...one, teams: ['core', 'spare'] } : one,
      ),
      ownership: [{ project: '31', raw: 'path:a #core\npath:b #spare\npath:c #spare #core # x' }],
    });
    await save(world, { raw: 'path:z #core' });
    await deleteTeam(world.deps, { organizationId: '1', team: 'spare', initiator });
    const sentence = "Team #spare does not have access to project 'shop'.";
    await expect(restore(world, 0)).rejects.toMatchObject({ fields: { raw: [sentence] } });
    const { ownership, leftOut } = await restore(world, 0, { force: true });
    expect(ownership?.raw).toBe('path:a #core\npath:c  #core # x');
    expect(leftOut).toEqual([
      { line: 2, rule: 'path:b #spare', owners: ['#spare'] },
      { line: 3, rule: 'path:c #spare #core', owners: ['#spare'] },
    ]);
  });

  it('are restored only while the rules are as the caller has read them', async () => {
    const world = await ownersWorld();
    const read = stateOfOwnership(await readOwnership(world.deps, project));
    const precondition = (state: object) => {
      if (!sameValue(state, read)) {
        throw preconditionFailed();
      }
    };
    await save(world, { raw: 'path:b #core' });
    await expect(restore(world, 0, { precondition })).rejects.toMatchObject({
      code: 'precondition.failed',
    });
    expect((await readOwnership(world.deps, project)).ownership?.raw).toBe('path:b #core');
  });
});
