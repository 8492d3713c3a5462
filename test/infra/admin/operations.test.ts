import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  advanceOperation,
  beginOperation,
  endOperation,
  type Operation,
  queuedOperation,
} from '../../../shared/domain/bulk/operation.ts';
import { toOrganizationEventRecord } from '../../../shared/domain/events.ts';
import {
  type CommandEngine,
  type CommandStack,
  startCommandEngine,
} from '../../support/commands/command-stack.ts';

let engine: CommandEngine;
let stack: CommandStack;
let organizationId: string;

beforeAll(async () => {
  engine = await startCommandEngine();
});
afterAll(() => engine?.stop());
beforeEach(async () => {
  stack = await engine.startStack();
  const made = await admin('organizations make --name Acme --json');
  organizationId = JSON.parse(made.stdout).id;
  return () => stack.stop();
});

const admin = (line: string) =>
  stack.run('infra/admin/admin.ts', [...line.split(' '), '--url', stack.url]);
const now = () => new Date().toISOString();
const counts = { applied: 0, unchanged: 0, drifted: 0, skipped: 0, failed: 0 };

/** Accepts an operation, as a request for it does. */
async function accept(id: string, changes: Partial<Operation> = {}): Promise<Operation> {
  const operation = {
    ...queuedOperation({
      ...{ id, organizationId, kind: 'orphans', dryRun: false, projectId: null },
      ...{ createdBy: { type: 'user', id: '11' }, createdAt: now() },
    }),
    ...changes,
  };
  const data = { operationId: id, fencingToken: 0 };
  const event = toOrganizationEventRecord(
    { type: 'operation.work_requested', version: 1, data },
    { organizationId, eventId: id, occurredAt: now(), requestId: 'r', actor: null },
  );
  expect(await stack.stores.operations.accept(operation, event)).toEqual({ committed: true });
  return operation;
}

/** Saves what a worker has made of an operation. */
async function save(before: Operation, after: Operation): Promise<Operation> {
  expect(await stack.stores.operations.save(before, after)).toEqual({ committed: true });
  return { ...after, version: before.version + 1 };
}

const begun = async (id: string) => {
  const queued = await accept(id, { requested: 3 });
  return save(queued, beginOperation(queued, now()));
};

describe('operations', () => {
  it('are listed, newest first, and those of one state', async () => {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    await accept('1', { createdAt: yesterday });
    await begun('2');
    const { stdout } = await admin('operations list --organization acme');
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([
      ['id', 'kind', 'state', 'issues'],
      ['2', 'orphans', 'running', '0 of 3'],
      ['1', 'orphans', 'queued', '0'],
      [''],
    ]);
    const running = await admin('operations list --organization acme --state running --json');
    expect(JSON.parse(running.stdout)).toMatchObject([{ id: '2', createdBy: 'user:11' }]);
  });

  it('are shown with what became of their issues', async () => {
    const queued = await accept('7', { requested: 3, plan: '5', note: 'Off to core' });
    const operation = await save(queued, beginOperation(queued, now()));
    const page = { counts: { ...counts, applied: 1, skipped: 1 }, position: 'x' };
    await save(operation, advanceOperation(operation, page));
    const { stdout, code } = await admin('operations show 7');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Operation 7, orphans, is running\.\nissues {4}2 of 3: 1 applied, 0 unchanged, 0 drifted, 1 skipped, 0 failed\nplan {6}5\nnote {6}Off to core\ncreated .* by user:11\nstarted .*Z\nfinished {2}-\n$/,
    );
  });

  it('are watched until they are done', async () => {
    const queued = await accept('7', { requested: 3 });
    const watching = admin('operations watch 7');
    const running = await save(queued, beginOperation(queued, now()));
    const done = { counts: { ...counts, applied: 3 }, now: now() };
    await save(running, endOperation(running, 'done', done));
    const { code, stdout, stderr } = await watching;
    expect(code).toBe(0);
    expect(stderr).toMatch(/Operation 7 \(orphans\) is done\.\n$/);
    expect(stdout).toContain('Operation 7, orphans, is done.\nissues    3 of 3: 3 applied');
  });

  it.each(['failed', 'cancelled'] as const)('that are %s fail their watch', async (end) => {
    const running = await begun('7');
    await save(
      running,
      end === 'failed'
        ? endOperation(running, end, { counts, now: now() })
        : endOperation({ ...running, state: 'cancelling' }, end, { counts, now: now() }),
    );
    const { code, stdout, stderr } = await admin('operations watch 7 --json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ id: '7', state: end });
  });

  it('are cancelled, once and again, until they have ended', async () => {
    const running = await begun('7');
    for (const _ of ['once', 'again']) {
      const { code, stdout } = await admin('operations cancel 7');
      expect(code).toBe(0);
      expect(stdout).toContain('Operation 7, orphans, is cancelling.');
    }
    const cancelling = { ...running, state: 'cancelling', version: running.version + 1 } as const;
    await save(cancelling, endOperation(cancelling, 'done', { counts, now: now() }));
    expect((await admin('operations cancel 7')).stdout).toContain('is cancelled.');
  });

  it.each<[string, string, RegExp]>([
    ['no id', 'show', /^Give the id of an operation\.\n/],
    ['an id of none', 'watch 8', /^There is no operation 8 in the local stack at http:\S+\. /],
    ['one that has ended', 'cancel 7', /^The operation 7 has ended: it is done\.\n/],
    ['no organization', 'list', /^Name an organization with --organization\.\n/],
    [
      'no state',
      'list --organization acme --state asleep',
      /^--state takes one of queued, running, cancelling, done, cancelled, failed, not "asleep"\.\n/,
    ],
  ])('%s is answered with a sentence', async (_, line, expected) => {
    const running = await begun('7');
    await save(running, endOperation(running, 'done', { counts, now: now() }));
    const { code, stderr } = await admin(`operations ${line}`);
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
  });
});
