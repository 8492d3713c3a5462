import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAutoAssignment } from '../../../shared/domain/ownership/settings.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { createCodeowners } from '../../../shared/operations/ownership/codeowners.ts';
import { previewRules } from '../../../shared/operations/ownership/preview-rules.ts';
import { saveOwnership } from '../../../shared/operations/ownership/save-ownership.ts';
import { type TriedIssue, tryRules } from '../../../shared/operations/ownership/try-rules.ts';
import { recordedEvents } from '../../support/consistency.ts';
import { assignedTo } from '../../support/operations.ts';
import { eventIn, groupOf, ownersWorld, record, seen } from '../../support/owners.ts';

type World = Awaited<ReturnType<typeof ownersWorld>>;
type Proposal = Parameters<typeof previewRules>[1]['proposal'];

const initiator = { actingUserId: '12', requestId: 'r' };
const project = { organizationId: '1', project: 'shop', initiator };
const none = { ownership: [], groups: [] };
const bob = { type: 'user', id: '12' } as const;
const core = { type: 'team', id: '21' } as const;

const preview = ({ deps }: World, proposal: Proposal) =>
  previewRules(deps, { organizationId: '1', project: 'shop', proposal });
/** An event in a file of its own issue; answers the issue. */
async function issueIn(world: World, file: string): Promise<string> {
  await record(world.deps, seen({ fingerprint: file, event: eventIn(file) }));
  return (await groupOf(world.stores, world.shop, file)).group.id;
}

async function holderOf({ stores }: World, issue: string) {
  return (await stores.assignments.ofGroup(issue))?.assignee ?? null;
}

async function assign({ deps }: World, issue: string, to: string | null) {
  await updateGroups(deps, {
    organizationId: '1',
    groupIds: [issue],
    projects: null,
    update: assignedTo(to),
    initiator,
  });
}

describe('a preview', () => {
  it('says who would get what by an event or a reconciliation, and writes nothing', async () => {
    const world = await ownersWorld({ ...none, ownership: [{ project: '31', raw: 'a/* #core' }] });
    const [held, unheld, bare, mine] = [
      await issueIn(world, 'a/x'),
      await issueIn(world, 'b/x'),
      await issueIn(world, 'c/x'),
      await issueIn(world, 'a/mine'),
    ];
    const events = (await recordedEvents(world.stores.table)).length;
    const raw = 'a/* bob@acme.io\nb/* #core\nno rule here\ncodeowners:/c #core';
    const shown = await preview(world, { raw });
    expect(shown).toMatchObject({ checked: 4, unchanged: 0, withoutEvent: 0, truncated: false });
    expect(shown.unowned).toEqual([bare]);
    const byIssue = new Map(shown.moved.map(({ issue, shortId, ...rest }) => [issue, rest]));
    const rule = 'path:a/* bob@acme.io';
    expect(byIssue.get(held)).toEqual({ from: core, to: bob, rule, by: 'reconcile' });
    expect(byIssue.get(mine)).toEqual({ from: core, to: bob, rule, by: 'reconcile' });
    expect(byIssue.get(unheld)).toEqual({
      from: null,
      to: core,
      rule: 'path:b/* #core',
      by: 'event',
    });
    expect(shown.diagnostics.map(({ line, kind }) => [line, kind])).toEqual([
      [4, 'unsupported_pattern'],
      [3, 'quote_pattern'],
      [3, 'quote_pattern'],
    ]);
    expect(await recordedEvents(world.stores.table)).toHaveLength(events);
    expect(await holderOf(world, held)).toEqual(core);
    expect((await world.stores.ownership.ofProject(world.shop)).version).toBe(0);
  });

  it('leaves what others have chosen, and moves nothing where nothing may move', async () => {
    const world = await ownersWorld({
      ...none,
      ownership: [{ project: '31', raw: 'a/* #core' }],
    });
    const issue = await issueIn(world, 'a/x');
    const change = parseAutoAssignment('Turn off Auto-Assignment');
    await saveOwnership(world.deps, { ...project, change, isTeamAdmin: true });
    expect(await preview(world, { raw: 'a/* bob@acme.io' })).toMatchObject({
      checked: 1,
      unchanged: 1,
      moved: [],
    });
    const commit = { id: 'c1', authorEmail: 'alice@acme.io' };
    await saveOwnership(world.deps, {
      ...project,
      change: parseAutoAssignment('Auto Assign to Suspect Commits'),
      isTeamAdmin: true,
    });
    const file = 'b/suspect';
    await record(world.deps, seen({ fingerprint: file, event: eventIn(file), commit }));
    const mine = await issueIn(world, 'b/mine');
    await assign(world, mine, 'team:21');
    const refused = await issueIn(world, 'b/refused');
    await assign(world, refused, 'team:21');
    await assign(world, refused, null);
    const shown = await preview(world, { raw: 'a/* bob@acme.io\nb/* bob@acme.io' });
    const suspected = (await groupOf(world.stores, world.shop, file)).group.id;
    expect(shown.moved.map(({ issue: of, from, by }) => [of, from, by]).sort()).toEqual(
      [
        [issue, core, 'reconcile'],
        [mine, core, null],
        [refused, null, null],
        [suspected, { type: 'user', id: '11' }, null],
      ].sort(),
    );
  });

  it('tries CODEOWNERS that are there by their ids and new ones, with tests', async () => {
    const world = await ownersWorld(none);
    const issue = await issueIn(world, 'a/x');
    const { codeowners } = await createCodeowners(world.deps, project, { raw: '/z bob@acme.io' });
    const tests = [{ name: 'a', event: eventIn('a/x'), platform: null, expect: '#core' }];
    const changed = await preview(world, {
      codeowners: [{ id: codeowners.id, raw: '/a bob@acme.io @nobody' }],
      tests,
    });
    expect(changed.moved).toMatchObject([{ issue, from: null, to: bob, by: 'event' }]);
    expect(changed.tests).toEqual([
      { name: 'a', passed: false, expected: '#core', got: 'bob@acme.io' },
    ]);
    expect(changed.diagnostics).toMatchObject([
      { source: `codeowners:${codeowners.id}`, line: 1, column: 16, kind: 'unknown_user' },
    ]);
    const added = await preview(world, { codeowners: [{ raw: '/a alice@acme.io' }] });
    expect(added.moved).toMatchObject([{ issue, to: { type: 'user', id: '11' } }]);
    await expect(preview(world, { codeowners: [{ id: '9', raw: '/a b@c.d' }] })).rejects.toEqual(
      expect.objectContaining({
        fields: { codeowners: ['There is no CODEOWNERS file 9.'] },
      }),
    );
  });

  it('counts issues without an event, and looks at a thousand', async () => {
    const groups = Array.from({ length: 1_003 }, (_, index) => ({
      id: String(50_000 + index),
      project: '31',
      title: 't',
    }));
    const world = await ownersWorld({ ...none, groups });
    expect(await preview(world, { raw: '* #core' })).toMatchObject({
      checked: 1_000,
      withoutEvent: 1_000,
      unchanged: 0,
      truncated: true,
    });
  });

  it('of whatever rules does exactly what comes of them once they are saved', async () => {
    const world = await ownersWorld(none);
    const files = ['a/x', 'a/y', 'b/x', 'b/y', 'c/x', 'c/y'];
    const issues = new Map<string, string>();
    for (const file of files) {
      issues.set(file, await issueIn(world, file));
    }
    const owners = ['#core', 'bob@acme.io', 'alice@acme.io', '#web', 'nobody@x.io'];
    const rule = fc
      .tuple(fc.constantFrom('a/*', 'b/*', 'c/*', '*/x', '*'), fc.constantFrom(...owners))
      .map((words) => words.join(' '));
    const raws = fc.array(rule, { maxLength: 4 }).map((rules) => rules.join('\n'));
    for (const raw of fc.sample(raws, { numRuns: 5, seed: 20_261_129 })) {
      const shown = await preview(world, { raw });
      await saveOwnership(world.deps, {
        ...project,
        // Owners who may not own here are refused by a save, and left out by a preview.
        change: { raw: usable(raw) },
        isTeamAdmin: true,
      });
      expect(shown.checked).toBe(files.length);
      const told = new Map(shown.moved.map((moved) => [moved.issue, moved]));
      const tried = await triedAsSaved(world);
      for (const [file, issue] of issues) {
        const before = await holderOf(world, issue);
        const verdict = tried.get(issue);
        const moved = told.get(issue);
        expect(moved?.to).toEqual(destinationOf(verdict));
        expect(shown.unowned.includes(issue)).toBe(verdict?.kind === 'unowned');
        // An event does what is told of it; what is left to a reconciliation stays until then.
        await record(world.deps, seen({ fingerprint: file, event: eventIn(file) }));
        const expected = moved?.by === 'event' ? moved.to : before;
        expect(await holderOf(world, issue), `${file} under ${raw}`).toEqual(expected);
      }
    }
  });
});

function destinationOf(verdict: TriedIssue['verdict'] | undefined) {
  return verdict?.kind === 'moved' ? verdict.to : undefined;
}

/** The lines whose owners may own in the project. */
function usable(raw: string): string {
  return raw
    .split('\n')
    .filter((line) => !/#web|nobody/.test(line))
    .join('\n');
}

/** What a reconciliation would do by the rules as they are stored, which events read as well. */
async function triedAsSaved(world: World) {
  const project = await world.stores.projects.withTeams(world.shop);
  if (project === undefined) {
    throw new Error('The project is there.');
  }
  const rules = await world.deps.ruleReader.stored(project);
  const reconcile = { settings: rules.settings, isSwitchedOff: false };
  const verdicts = [];
  for await (const { issues } of tryRules(world.deps, { project, rules, reconcile })) {
    verdicts.push(...issues.map(({ issue, verdict }) => [issue.id, verdict] as const));
  }
  return new Map(verdicts);
}
