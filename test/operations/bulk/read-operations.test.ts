import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Operation,
  queuedOperation,
  runningOperation,
} from '../../../shared/domain/bulk/operation.ts';
import type { IssueOutcome, RecordedOutcome } from '../../../shared/domain/bulk/outcome.ts';
import { workRequested } from '../../../shared/operations/bulk/accept-operation.ts';
import {
  findOperation,
  listOperationIssues,
  listOperations,
  requestCancellation,
} from '../../../shared/operations/bulk/read-operations.ts';
import { surroundings } from '../../support/operations.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const BEGUN = Date.parse('2026-11-29T12:00:00.000Z');
const initiator = { actingUserId: '11', requestId: 'r' };
const DAYS_31 = 31 * 24 * 60 * 60 * 1_000;

let world: TestWorld;
const operations: Operation[] = [];
const outcomes: RecordedOutcome[] = [];

const depsAt = (at = BEGUN) => ({
  ...world.stores,
  ...surroundings(),
  clock: () => new Date(at).toISOString(),
});

beforeAll(async () => {
  world = await worldOnFreshTable();
  for (let index = 0; index < 7; index++) {
    const operation = queuedOperation({
      id: String(700 + index),
      organizationId: index === 3 ? '2' : '1',
      kind: 'orphans',
      dryRun: false,
      projectId: null,
      createdBy: { type: 'user', id: '11' },
      createdAt: new Date(BEGUN + index * 1_000).toISOString(),
    });
    operations.push(operation);
    const event = workRequested(depsAt(), operation, initiator);
    expect(await world.stores.operations.accept(operation, event)).toEqual({ committed: true });
  }
  const kinds: readonly IssueOutcome[] = ['applied', 'skipped'];
  for (let index = 0; index < 25; index++) {
    outcomes.push({
      groupId: index === 0 ? '101' : String(80_000 + index),
      projectId: '31',
      outcome: kinds[index % 2] ?? 'applied',
      reason: null,
      before: { assignedTo: null },
      after: { assignedTo: { type: 'team', id: '21' } },
    });
  }
  const [first] = operations;
  await world.stores.outcomes.recordAll(first ?? expect.fail(), outcomes);
});

type Page = { readonly next: string | null; readonly previous: string | null };

/** Walks all pages to the end, and back again; answers what each walk saw. */
async function walk<P extends Page>(
  read: (asked: { limit: number; from?: string; backwards?: boolean }) => Promise<P>,
  idsOf: (page: P) => readonly string[],
  limit: number,
) {
  const there: string[] = [];
  let page = await read({ limit });
  for (;;) {
    there.push(...idsOf(page));
    if (page.next === null) {
      break;
    }
    page = await read({ limit, from: page.next });
  }
  const back = [...idsOf(page)];
  while (page.previous !== null) {
    page = await read({ limit, from: page.previous, backwards: true });
    back.unshift(...idsOf(page));
  }
  return { there, back };
}

describe('the operations of an organization', () => {
  it.each([1, 2, 5, 100])('are listed newest first, %i a page, there and back', async (limit) => {
    const { there, back } = await walk(
      (asked) => listOperations(depsAt(), '1', { ...asked, state: null }),
      (page) => page.operations.map(({ id }) => id),
      limit,
    );
    expect(there).toEqual(['706', '705', '704', '702', '701', '700']);
    expect(back).toEqual(there);
  });

  it('are listed by their state, which changes with them', async () => {
    await requestCancellation(depsAt(), '1', '704');
    const inState = async (state: Operation['state']) => {
      const page = await listOperations(depsAt(), '1', { limit: 10, state });
      return page.operations.map(({ id }) => id);
    };
    expect(await inState('cancelling')).toEqual(['704']);
    expect(await inState('queued')).toEqual(['706', '705', '702', '701', '700']);
    expect(await inState('done')).toEqual([]);
  });

  it('have ended where the function of a bulk write died, also where that was cancelled since', async () => {
    const dead = (id: string) =>
      runningOperation({
        ...{ id, organizationId: '9', kind: 'update', dryRun: false, projectId: null },
        ...{ createdBy: null, createdAt: new Date(BEGUN).toISOString() },
      });
    await world.stores.operations.begin(dead('801'));
    await world.stores.operations.begin(dead('802'));
    await requestCancellation(depsAt(), '9', '802');
    const list = async (at: number) => {
      const page = await listOperations(depsAt(at), '9', { limit: 10, state: null });
      return page.operations.map(({ id, state }) => `${id} ${state}`);
    };
    expect(await list(BEGUN + 59_000)).toEqual(['802 cancelling', '801 running']);
    expect(await list(BEGUN + 61_000)).toEqual(['802 cancelled', '801 failed']);
  });

  it('are nobody else’s, and gone after thirty days', async () => {
    expect((await findOperation(depsAt(), '1', '700')).id).toBe('700');
    const lost = expect.objectContaining({ code: 'resource.not_found' });
    for (const id of ['703', '999', 'x', '7'.repeat(3_000)]) {
      await expect(findOperation(depsAt(), '1', id)).rejects.toEqual(lost);
    }
    const later = depsAt(BEGUN + DAYS_31);
    await expect(findOperation(later, '1', '700')).rejects.toEqual(lost);
    const page = await listOperations(later, '1', { limit: 10, state: null });
    expect(page.operations).toEqual([]);
  });
});

describe('what became of the issues of an operation', () => {
  const read = (
    asked: { limit: number; from?: string; backwards?: boolean },
    outcome: IssueOutcome | null,
  ) => listOperationIssues(depsAt(), operations[0] ?? expect.fail(), { ...asked, outcome });

  it.each([1, 4, 24, 25, 100])('is listed %i a page, there and back', async (limit) => {
    for (const outcome of [null, 'applied', 'skipped', 'failed'] as const) {
      const { there, back } = await walk(
        (asked) => read(asked, outcome),
        (page) => page.issues.map(({ recorded }) => recorded.groupId),
        limit,
      );
      const expected = outcomes.filter((one) => outcome === null || one.outcome === outcome);
      expect(there.toSorted()).toEqual(expected.map(({ groupId }) => groupId).toSorted());
      expect(back).toEqual(there);
    }
  });

  it('has the issue where it is there, and its id where it is not', async () => {
    const { issues } = await read({ limit: 100 }, null);
    const found = issues.filter((issue) => issue.found !== null);
    expect(found.map(({ recorded }) => recorded.groupId)).toEqual(['101']);
    expect(found[0]?.found).toMatchObject({ group: { shortId: 'SHOP-1' }, project: { id: '31' } });
  });

  it('begins at the beginning for a cursor that was not written here', async () => {
    const from = 'nowhere';
    expect((await read({ limit: 3, from }, null)).issues).toHaveLength(3);
  });

  it('is recorded once', async () => {
    const [operation] = operations;
    const again = outcomes.map((one) => ({ ...one, outcome: 'failed' as const }));
    const fresh = { ...(again[0] ?? expect.fail()), groupId: '99999' };
    const { stores } = world;
    const recorded = await stores.outcomes.recordAll(operation ?? expect.fail(), [...again, fresh]);
    expect(recorded.map(({ groupId }) => groupId)).toEqual(['99999']);
    const counts = await stores.outcomes.count(operation ?? expect.fail());
    expect(counts).toMatchObject({ applied: 13, skipped: 12, failed: 1 });
  });
});
