import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningStack, startStack } from '../../infra/local/stack.ts';
import { type Api, apiOf } from '../support/api.ts';
import { type DeliveryProxy, startDeliveryProxy } from '../support/trackers/delivery-proxy.ts';
import { type Redmine, startRedmine } from './redmine.ts';
import { timed } from './root.ts';

const demoWorld = new URL('../../infra/world/worlds/acme.json', import.meta.url);
const SECRET = 's3cret';
const cleanup = new AsyncDisposableStack();
let deliveries: DeliveryProxy;
let redmine: Redmine;
let stack: RunningStack;
let api: Api;

beforeAll(async () => {
  deliveries = await startDeliveryProxy(() => `${stack.url}/api/0/extensions/redmine/webhook/501/`);
  cleanup.defer(() => deliveries.stop());
  redmine = await startRedmine({ url: deliveries.url, secret: SECRET });
  cleanup.defer(() => redmine.stop());
  const folder = mkdtempSync(join(tmpdir(), 'baton-redmine-'));
  cleanup.defer(() => rmSync(folder, { recursive: true }));
  const world = join(folder, 'world.json');
  writeFileSync(world, JSON.stringify(linkedWorld(redmine)));
  stack = await timed('the stack is up', () =>
    startStack({ world, rateLimits: false, cacheEngine: 'wasm' }),
  );
  cleanup.defer(() => stack.stop());
  api = apiOf(stack.url);
});
afterAll(async () => {
  await cleanup.disposeAsync();
});

/**
 * The project's own world with Redmine as its tracker: bob (12) and carol (13) have accounts there,
 * group 102 a link.
 */
function linkedWorld({ url, accounts, issue }: Redmine) {
  const world = JSON.parse(readFileSync(demoWorld, 'utf8'));
  const [integration] = world.integrations;
  Object.assign(integration, { provider: 'redmine', name: 'acme in Redmine', baseUrl: url });
  world.secrets[integration.secretRef] = { token: accounts.baton.key, webhookSecrets: [SECRET] };
  world.externalActors = (['bob', 'carol'] as const).map((login, index) => ({
    integration: '501',
    user: String(12 + index),
    externalId: String(accounts[login].id),
    externalName: `@${login}`,
  }));
  world.links = [{ group: '102', integration: '501', key: String(issue) }];
  world.teams[0].members = ['11', '12', '13'].map((user) => ({ user, isActive: true }));
  return world;
}

const group = async () => (await api.get('/api/0/issues/102/')).body;
const assigneeHere = async () => (await group()).assignedTo?.id ?? null;
const arrives = (userId: string | null) =>
  expect.poll(assigneeHere, { timeout: 20_000 }).toBe(userId);
const assignHere = (assignedTo: string | null) => api.put('/api/0/issues/102/', { assignedTo });
const eventCount = async () => (await api.events('issue.assigned')).length;

describe('an assignment here', () => {
  it('shows in Redmine, and so do its change and its end', async () => {
    for (const [assignedTo, expected] of [
      ['user:12', 'bob'],
      ['user:13', 'carol'],
      [null, null],
    ] as const) {
      await assignHere(assignedTo);
      await api.idle();
      expect(await redmine.assignee()).toBe(expected);
      expect(await assigneeHere()).toBe(assignedTo?.replace('user:', '') ?? null);
    }
  });

  it('does not give way to the webhooks that it causes, late and twice as they may come', async () => {
    deliveries.hold(true);
    for (const [assignedTo, caused] of [
      ['user:12', 1],
      ['user:13', 2],
    ] as const) {
      await assignHere(assignedTo);
      await expect.poll(() => deliveries.held.length, { timeout: 20_000 }).toBe(caused);
      await api.idle();
    }
    const before = await eventCount();
    deliveries.hold(false);
    await deliveries.release(([bob, carol]) => [carol!, bob!, carol!, bob!]);
    await api.idle();
    expect(await eventCount()).toBe(before);
    expect(await assigneeHere()).toBe('13');
    expect(await redmine.assignee()).toBe('carol');
    expect(deliveries.held).toEqual([]);
  });
});

describe('an assignment in Redmine', () => {
  it('comes here by its signed webhook, with no acting user, and so do its change and its end', async () => {
    await redmine.assign(null);
    await arrives(null);
    await redmine.assign('carol');
    await arrives('13');
    const { activity } = await group();
    expect(activity[0]).toMatchObject({ type: 'assigned', user: null, data: { assignee: '13' } });
    await redmine.assign('bob');
    await arrives('12');
    await redmine.assign(null);
    await arrives(null);
    await api.idle();
    expect(await redmine.assignee()).toBeNull();
  });

  it('whose webhook comes twice, and after its successor’s, ends as Redmine has it', async () => {
    deliveries.hold(true);
    await redmine.assign('bob');
    await redmine.assign('carol');
    expect(deliveries.held).toHaveLength(2);
    deliveries.hold(false);
    await deliveries.release(([first, second]) => [second!, first!, second!, first!]);
    await arrives('13');
    await api.idle();
    expect(await assigneeHere()).toBe('13');
    expect(await redmine.assignee()).toBe('carol');
  });
});

describe('a webhook that is lost', () => {
  it.each([
    ['of an unassignment', null, null],
    ['of an assignment', 'carol', '13'],
  ] as const)(
    '%s, even in the second of our own write, is made up for by the sweeper',
    async (_, there, here) => {
      await assignHere('user:12');
      await api.idle();
      expect(await redmine.assignee()).toBe('bob');
      deliveries.hold(true);
      await redmine.assign(there);
      await expect.poll(() => deliveries.held.length, { timeout: 20_000 }).toBe(1);
      deliveries.hold(false);
      await deliveries.release(() => []);
      expect(await assigneeHere()).toBe('12');
      await api.post('/_local/schedules/sweeper', undefined, { token: null });
      await arrives(here);
      await api.idle();
      expect(await redmine.assignee()).toBe(there);
    },
  );
});

describe('a status', () => {
  it('goes there and comes back', async () => {
    await api.put('/api/0/issues/102/', { status: 'resolved' });
    await api.idle();
    expect(await redmine.status()).toBe('Closed');
    for (const [there, here] of [
      ['New', 'unresolved'],
      ['Closed', 'resolved'],
    ] as const) {
      await redmine.setStatus(there);
      await expect.poll(async () => (await group()).status, { timeout: 20_000 }).toBe(here);
    }
    await api.put('/api/0/issues/102/', { status: 'unresolved' });
    await api.idle();
    expect(await redmine.status()).toBe('New');
  });
});
