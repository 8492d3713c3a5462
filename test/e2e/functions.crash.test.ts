import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningStack } from '../../infra/local/stack.ts';
import { createTable } from '../../shared/stores/table.ts';
import { type Api, apiOf } from '../support/api.ts';
import { startTestStack } from '../support/app.ts';
import { expectOneStory, readGroupState } from '../support/consistency.ts';
import { processesOf } from '../support/crash/function-processes.ts';
import { randomOf } from '../support/random.ts';
import { worldFile } from '../support/world-file.ts';

const groupIds = ['101', '102'];
const membersOf = (actor: string) => (actor === 'team:21' ? ['user:11', 'user:12'] : [actor]);
const { seed, random } = randomOf('crash.test.ts');

const world = worldFile();
let stack: RunningStack;
let api: Api;

beforeAll(async () => {
  stack = await startTestStack({ world: world.path });
  api = apiOf(stack.url);
});
afterAll(async () => {
  await stack?.stop();
  world.remove();
});

/** What a caller does who was told 502: the same again. */
async function putUntilDone(assignedTo: string | null): Promise<void> {
  for (;;) {
    const { status } = await api.put('/api/0/projects/acme/shop/issues/?id=101&id=102', {
      assignedTo,
    });
    if (status === 200) {
      return;
    }
    expect(status).toBe(502);
  }
}

it('functions that are killed in the middle of their work leave one story of each issue', async () => {
  const redis = new Redis(stack.redis);
  const targets = ['user:11', 'user:12', 'team:21', null];
  let kills = 0;
  /** Kills one of the processes that may be at work right now, if there is one. */
  const killOne = () => {
    const pids = processesOf(['group-update', 'outbox-relay', 'cache-repeat']);
    const pid = pids[Math.floor(random() * pids.length)];
    if (pid === undefined) {
      return;
    }
    process.kill(pid, 'SIGKILL');
    kills += 1;
  };

  const statuses: number[] = [];
  for (let round = 0; round < 100; round++) {
    const calls = groupIds.map((id) =>
      api.put(`/api/0/projects/acme/shop/issues/?id=${id}`, {
        assignedTo: targets[Math.floor(random() * targets.length)],
      }),
    );
    // In every fourth round, a few turns of the loop after the requests have left: in the middle of
    // some work or other.
    if (round % 4 === 3) {
      for (let turn = Math.floor(random() * 20); turn > 0; turn--) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      killOne();
    }
    statuses.push(...(await Promise.all(calls)).map(({ status }) => status));
  }
  expect(kills, `seed ${seed}`).toBeGreaterThan(5);
  expect(statuses, `seed ${seed}`).toContain(200);
  expect(statuses.filter((status) => status !== 200 && status !== 502)).toEqual([]);

  await Promise.all(groupIds.map((id) => redis.set(`assignee_exists:1:{${id}}`, '[true,1.5]')));
  await putUntilDone('user:12');
  await putUntilDone(null);
  await api.idle();

  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: stack.dynamodb,
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  );
  const table = createTable({ client, name: stack.table });
  const onTheBus = new Set((await api.events()).map(({ detail }) => detail.eventId));
  for (const id of groupIds) {
    const state = await readGroupState(table, id);
    expectOneStory(state, membersOf);
    expect(state.assignment?.assignee).toBeNull();
    const missing = state.events.filter(({ detail }) => !onTheBus.has(detail.eventId));
    expect(missing, `seed ${seed}`).toEqual([]);
    expect(await redis.exists(`assignee_exists:1:{${id}}`)).toBe(0);
  }
  redis.disconnect();
});
