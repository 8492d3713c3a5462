import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAutoAssignment } from '../../../shared/domain/ownership/settings.ts';
import { requestReconciliation } from '../../../shared/operations/bulk/accept-operation.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { previewRules } from '../../../shared/operations/ownership/preview-rules.ts';
import { saveOwnership } from '../../../shared/operations/ownership/save-ownership.ts';
import { deleteProject } from '../../../shared/operations/projects/delete-project.ts';
import { readGroupState, recordedEvents } from '../../support/consistency.ts';
import { assignedTo } from '../../support/operations.ts';
import { eventIn, groupOf, ownersWorld, record, seen } from '../../support/owners.ts';
import { resultOf, workOnAll } from './workers.ts';

type World = Awaited<ReturnType<typeof ownersWorld>>;

const initiator = { actingUserId: '12', requestId: 'r' };
const shop = { organizationId: '1', project: 'shop', initiator };
const none = { ownership: [], groups: [] };
const bob = { type: 'user', id: '12' } as const;
const core = { type: 'team', id: '21' } as const;

async function issueIn(world: World, file: string): Promise<string> {
  await record(world.deps, seen({ fingerprint: file, event: eventIn(file) }));
  return (await groupOf(world.stores, world.shop, file)).group.id;
}

const holderOf = async ({ stores }: World, issue: string) =>
  (await stores.assignments.ofGroup(issue))?.assignee ?? null;

async function assign({ deps }: World, issue: string, to: string | null) {
  const update = assignedTo(to);
  const request = { organizationId: '1', groupIds: [issue], projects: null, update, initiator };
  await updateGroups(deps, request);
}

const save = ({ deps }: World, change: Parameters<typeof saveOwnership>[1]['change']) =>
  saveOwnership(deps, { ...shop, change, isTeamAdmin: true });

/** Reconciles the shop, to the end; answers the operation and what became of the issues. */
async function reconcile(world: World, dryRun = false, instead: object = {}) {
  const { id } = await requestReconciliation(world.deps, { ...shop, dryRun });
  await workOnAll({ stores: { ...world.stores, ...instead } });
  return resultOf(world, id);
}

describe('a reconciliation', () => {
  it('gives issues to whom the rules name, and says of each what became of it', async () => {
    const world = await ownersWorld({ ...none, ownership: [{ project: '31', raw: 'a/* #core' }] });
    const [held, unheld, bare, mine, refused] = [
      await issueIn(world, 'a/x'),
      await issueIn(world, 'b/x'),
      await issueIn(world, 'c/x'),
      await issueIn(world, 'a/mine'),
      await issueIn(world, 'b/refused'),
    ];
    await assign(world, mine, 'user:11');
    await assign(world, refused, 'team:21');
    await assign(world, refused, null);
    await save(world, { raw: 'a/* bob@acme.io\nb/* #core' });
    const { operation, byIssue } = await reconcile(world);
    expect(operation).toMatchObject({
      kind: 'reconcile',
      state: 'done',
      createdBy: { type: 'user', id: '12' },
      counts: { applied: 2, unchanged: 1, skipped: 2, drifted: 0, failed: 0 },
    });
    expect(byIssue.get(held)).toMatchObject({
      outcome: 'applied',
      reason: null,
      before: { assignedTo: core },
      after: { assignedTo: bob },
    });
    expect(byIssue.get(unheld)).toMatchObject({ outcome: 'applied', before: { assignedTo: null } });
    expect(byIssue.get(bare)).toMatchObject({ outcome: 'unchanged', reason: 'unowned' });
    expect(byIssue.get(mine)).toMatchObject({ outcome: 'skipped', reason: 'chosen' });
    expect(byIssue.get(refused)).toMatchObject({ outcome: 'skipped', reason: 'chosen' });
    expect(await holderOf(world, held)).toEqual(bob);
    expect(await holderOf(world, mine)).toEqual({ type: 'user', id: '11' });

    const { events, activities } = await readGroupState(world.stores.table, held);
    const told = events.filter(({ detail }) => detail.operationId === operation.id);
    expect(told.find(({ type }) => type === 'issue.assigned')?.detail).toMatchObject({
      data: { assignee: bob, previous: core, source: 'auto' },
    });
    expect(activities.map(({ data }) => data)).toContainEqual(
      expect.objectContaining({
        operationId: operation.id,
        integration: 'projectOwnership',
        rule: 'path:a/* bob@acme.io',
      }),
    );
    // Again there is nothing left to be done.
    expect((await reconcile(world)).operation.counts).toMatchObject({ applied: 0, unchanged: 3 });
  });

  it('says the same without writing anything to issues where it is a dry run', async () => {
    const world = await ownersWorld({ ...none, ownership: [{ project: '31', raw: 'a/* #core' }] });
    const issue = await issueIn(world, 'a/x');
    await save(world, { raw: 'a/* bob@acme.io' });
    const before = await readGroupState(world.stores.table, issue);
    const { operation, byIssue } = await reconcile(world, true);
    expect(operation).toMatchObject({ dryRun: true, state: 'done', counts: { applied: 1 } });
    expect(byIssue.get(issue)).toMatchObject({ after: { assignedTo: bob } });
    expect(await readGroupState(world.stores.table, issue)).toEqual(before);
  });

  it('obeys the settings of the project and the kill switch', async () => {
    const world = await ownersWorld({ ...none, ownership: [{ project: '31', raw: 'a/* #core' }] });
    await issueIn(world, 'a/x');
    await save(world, {
      raw: 'a/* bob@acme.io',
      ...parseAutoAssignment('Turn off Auto-Assignment'),
    });
    expect((await reconcile(world)).operation.counts).toMatchObject({ applied: 0, unchanged: 1 });

    const on = parseAutoAssignment('Auto Assign to Issue Owner');
    await save(world, on);
    const acme = await world.stores.organizations.byId('1');
    const options = { 'post_process.get-autoassign-owners': [world.shop] };
    const organizations = { byId: async () => acme && { ...acme, options } };
    expect((await reconcile(world, false, { organizations })).operation.counts).toMatchObject({
      applied: 0,
      unchanged: 1,
    });
    expect((await reconcile(world)).operation.counts).toMatchObject({ applied: 1 });
  });

  it('is one at a time, and the next one may begin once it has ended', async () => {
    const world = await ownersWorld(none);
    const first = await requestReconciliation(world.deps, { ...shop, dryRun: false });
    await expect(requestReconciliation(world.deps, { ...shop, dryRun: true })).rejects.toEqual(
      expect.objectContaining({ code: 'conflict', extra: { operation: first.id } }),
    );
    await workOnAll(world);
    await requestReconciliation(world.deps, { ...shop, dryRun: true });
  });

  it('fails where its project is being deleted, and lets nobody begin another one', async () => {
    const world = await ownersWorld(none);
    const { id } = await requestReconciliation(world.deps, { ...shop, dryRun: false });
    await deleteProject(world.deps, shop);
    await workOnAll(world);
    expect((await resultOf(world, id)).operation.state).toBe('failed');
    await expect(
      requestReconciliation(world.deps, { ...shop, project: world.shop, dryRun: false }),
    ).rejects.toEqual(expect.objectContaining({ code: 'resource.not_found' }));
  });

  it('after a save does exactly what the preview said', async () => {
    const world = await ownersWorld(none);
    const files = ['a/x', 'a/y', 'b/x', 'b/y', 'c/x', 'c/y'];
    const issues: string[] = [];
    for (const file of files) {
      issues.push(await issueIn(world, file));
    }
    const owners = ['#core', 'bob@acme.io', 'alice@acme.io'];
    const rule = fc
      .tuple(fc.constantFrom('a/*', 'b/*', 'c/*', '*/x', '*'), fc.constantFrom(...owners))
      .map((words) => words.join(' '));
    const raws = fc.array(rule, { maxLength: 4 }).map((rules) => rules.join('\n'));
    const choices = fc.constantFrom('user:11', 'team:21', null, 'nothing' as const);
    const runs = fc.tuple(raws, fc.nat(issues.length - 1), choices);
    for (const [raw, index, choice] of fc.sample(runs, { numRuns: 8, seed: 20_261_129 })) {
      if (choice !== 'nothing') {
        await assign(world, issues[index] ?? '', choice);
      }
      const shown = await previewRules(world.deps, { ...shop, proposal: { raw } });
      const before = await world.stores.assignments.ofGroups(issues);
      await save(world, { raw });
      const { operation, byIssue } = await reconcile(world);
      const moving = shown.moved.filter(({ by }) => by !== null);
      expect(operation.counts.applied, raw).toBe(moving.length);
      for (const issue of issues) {
        const moved = moving.find((one) => one.issue === issue);
        const was = before.get(issue)?.assignee ?? null;
        expect(await holderOf(world, issue), raw).toEqual(moved?.to ?? was);
        expect(byIssue.get(issue)?.reason === 'unowned').toBe(shown.unowned.includes(issue));
      }
    }
    const asked = (await recordedEvents(world.stores.table)).filter(({ detail }) =>
      Object.hasOwn(detail, 'operationId'),
    );
    expect(asked.length).toBeGreaterThan(0);
  });
});
