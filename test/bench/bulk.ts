import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { updateGroups } from '../../shared/operations/issues/update-groups.ts';
import { mapConcurrently } from '../../shared/operations/map-concurrently.ts';
import { assignedTo, emptyOwnerCaches, surroundings } from '../support/operations.ts';
import { benchWorld, type Engines } from './bench-world.ts';
import { readsAndWrites } from './counting-client.ts';
import { median } from './median.ts';

const GROUPS = 1_000;
const WIDTH = 32;
const ROUNDS = 5;

/**
 * A bulk assignment of 1,000 groups, against the very same transactions sent bare, at the same
 * concurrency, over the same rows in another table. The ratio of each round is taken within the
 * round.
 */
export async function runBulkBench(
  print: (line: string) => void,
  engines: Engines,
): Promise<number> {
  const ratios: number[] = [];
  const heapBefore = process.memoryUsage().heapUsed;
  for (let round = 0; round < ROUNDS; round++) {
    const whole = await benchWorld(engines, { groups: GROUPS });
    const startMs = performance.now();
    const outcome = await updateGroups(
      { ...whole.stores, ...surroundings(), ownerCaches: emptyOwnerCaches },
      {
        organizationId: '1',
        groupIds: whole.groupIds,
        projects: ['shop'],
        update: assignedTo('user:12'),
        initiator: { actingUserId: '11', requestId: 'bench' },
      },
    );
    const wholeMs = performance.now() - startMs;
    if (outcome.updated.length !== GROUPS) {
      throw new Error('Not every group was assigned.');
    }
    const calls = whole.counter.take();
    const bareMs = await sendBare(engines, whole.counter.takeTransactions());
    ratios.push(wholeMs / bareMs);
    print(
      `round ${round + 1}: ${wholeMs.toFixed(0)} ms in ${calls.length} calls, bare ${bareMs.toFixed(0)} ms, ratio ${(wholeMs / bareMs).toFixed(2)}`,
    );
  }
  const heapMb = (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20;
  print(
    `median ratio ${median(ratios).toFixed(2)} (heap grew by ${heapMb.toFixed(1)} MB over all rounds)`,
  );
  await runBulkCalls(print, engines);
  return median(ratios);
}

/** What a bulk asks of the table an issue, whoever holds the issues before and after. */
async function runBulkCalls(print: (line: string) => void, engines: Engines): Promise<void> {
  const { stores, counter, groupIds } = await benchWorld(engines, { groups: GROUPS });
  print('1,000 issues             calls an issue  write units  read units');
  for (const [name, target] of [
    ['assign to a team of 2', 'team:21'],
    ['the same again', 'team:21'],
    ['reassign to a user', 'user:12'],
    ['reassign to a team of 2', 'team:21'],
    ['unassign from the team', null],
    ['unassign nobody', null],
  ] as const) {
    counter.take();
    await updateGroups(
      { ...stores, ...surroundings(), ownerCaches: emptyOwnerCaches },
      {
        organizationId: '1',
        groupIds,
        projects: ['shop'],
        update: assignedTo(target),
        initiator: { actingUserId: '11', requestId: 'bench' },
      },
    );
    const calls = counter.take();
    const { reads, writes } = readsAndWrites(calls);
    print(
      [
        name.padEnd(24),
        (calls.length / GROUPS).toFixed(2).padStart(14),
        (writes / GROUPS).toFixed(2).padStart(12),
        (reads / GROUPS).toFixed(2).padStart(11),
      ].join(' '),
    );
  }
}

async function sendBare(
  engines: Engines,
  transactions: readonly TransactWriteCommandInput[],
): Promise<number> {
  const { counter, table } = await benchWorld(engines, { groups: GROUPS });
  const inputs = transactions.map((transaction) => onTable(transaction, table));
  const startMs = performance.now();
  await mapConcurrently(WIDTH, inputs, (input) =>
    counter.client.send(new TransactWriteCommand(input)),
  );
  return performance.now() - startMs;
}

function onTable(
  { TransactItems = [] }: TransactWriteCommandInput,
  TableName: string,
): TransactWriteCommandInput {
  return {
    TransactItems: TransactItems.map((item) =>
      Object.fromEntries(
        Object.entries(item).map(([kind, write]) => [kind, { ...write, TableName }]),
      ),
    ),
  };
}
