import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningStack } from '../../../infra/local/stack.ts';
import type { WorldInput } from '../../../infra/world/schema.ts';
import { type Api, apiOf } from '../../support/api.ts';
import { startTestStack } from '../../support/app.ts';
import { processesOf } from '../../support/crash/function-processes.ts';
import { randomOf } from '../../support/random.ts';
import { worldFile } from '../../support/world-file.ts';

const { seed, random } = randomOf('operations.crash.test.ts');
const OPERATIONS = '/api/0/organizations/acme/operations/';
const ISSUES = Array.from({ length: 100 }, (_, index) => String(40_000 + index));
/** A message comes back after 1, 2, 4, ... seconds. */
const MOST_KILLS = 4;
/** A worker that nobody kills is seen some fifteen times before it has ended. */
const FIRST_KILL = Math.ceil(random() * 8);

const demo = worldFile();
const { organizations = [] } = JSON.parse(readFileSync(demo.path, 'utf8')) as WorldInput;
demo.remove();
/** Carol is in no team of the shop. */
const world = worldFile({
  organizations: organizations.map((one) => ({ ...one, orphanPolicy: 'unassign' })),
  groups: ISSUES.map((id) => ({ id, project: '31', shortId: `SHOP-${id}`, title: `Issue ${id}` })),
  assignments: ISSUES.map((group) => ({ group, assignedTo: 'user:13' })),
  subscriptions: [],
  bookmarks: [],
  seen: [],
  owners: [],
  links: [],
});
let stack: RunningStack;
let api: Api;

beforeAll(async () => {
  stack = await startTestStack({ world: world.path });
  api = apiOf(stack.url);
  await api.idle();
});
afterAll(async () => {
  await stack?.stop();
  world.remove();
});

it('an operation whose workers are killed changes every issue once', async () => {
  const asked = await api.post('/api/0/organizations/acme/assignments/orphans/sweep/', {});
  const { id } = asked.body;
  let [kills, seen] = [0, 0];
  const isTime = () => (kills === 0 ? seen === FIRST_KILL : kills < MOST_KILLS && random() < 0.2);
  for (;;) {
    const { body } = await api.get(`${OPERATIONS}${id}/`);
    if (body.finishedAt !== null) {
      break;
    }
    const [pid] = processesOf(['operation-worker']);
    seen += pid === undefined ? 0 : 1;
    if (pid !== undefined && isTime()) {
      process.kill(pid, 'SIGKILL');
      kills += 1;
    }
  }
  expect(kills, `seed ${seed}`).toBeGreaterThan(0);
  await api.idle();
  const { body } = await api.get(`${OPERATIONS}${id}/`);
  expect(body, `seed ${seed}`).toMatchObject({
    state: 'done',
    requested: ISSUES.length,
    applied: ISSUES.length,
  });
  const told = (await api.events('issue.unassigned'))
    .filter(({ detail }) => detail.operationId === id)
    .map(({ detail }) => String(detail.groupId));
  expect([...new Set(told)].sort(), `seed ${seed}`).toEqual(ISSUES);
  expect(told, `seed ${seed}`).toHaveLength(ISSUES.length);
});
