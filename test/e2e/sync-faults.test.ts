import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DeliveryProxy, startDeliveryProxy } from '../support/trackers/delivery-proxy.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../support/trackers/fault-proxy.ts';
import { type SyncStack, startSyncStack, WEBHOOK_SECRET } from '../support/trackers/sync-stack.ts';

let world: SyncStack;
let faults: FaultProxy;
let deliveries: DeliveryProxy;

beforeAll(async () => {
  world = await startSyncStack(async (gitHubUrl) => {
    faults = await startFaultProxy(gitHubUrl);
    return faults.url;
  });
  deliveries = await startDeliveryProxy(
    () => `${world.stack.url}/api/0/extensions/github/webhook/501/`,
  );
  await world.gitHub.addWebhook(deliveries.url, WEBHOOK_SECRET);
});
afterAll(async () => {
  await world?.stop();
  await faults?.stop();
  await deliveries?.stop();
});
afterEach(async () => {
  faults.disarm();
  deliveries.hold(false);
  deliveries.held.length > 0 && (await deliveries.release(() => []));
  await world.api.put('/api/0/issues/102/', { assignedTo: null });
  await world.api.idle();
  await world.gitHub.assign(world.issue, []);
  await world.api.idle();
});

const assigneeHere = async () =>
  (await world.api.get('/api/0/issues/102/')).body.assignedTo?.id ?? null;
const assigneesThere = () => world.gitHub.assignees(world.issue);
const link = async () =>
  (await world.api.get('/api/0/organizations/acme/issues/102/external-issues/')).body[0];
const sweep = async () => {
  await world.api.call('POST', '/_local/schedules/sweeper', { token: null });
  await world.api.idle();
};

describe('an assignment here', () => {
  const down: Fault = { kind: 'answer', status: 503 };
  it.each<[string, readonly Fault[]]>([
    ['answers 5xx three times', [down, down, down]],
    [
      'answers 500 to the second request',
      [
        { kind: 'slow', delayMs: 1 },
        { kind: 'answer', status: 500 },
      ],
    ],
    ['cuts the connection', [{ kind: 'cut' }]],
    [
      'does what it is asked to, and its answers get lost',
      [{ kind: 'slow', delayMs: 1 }, { kind: 'swallow' }, { kind: 'swallow' }, { kind: 'swallow' }],
    ],
    ['takes three seconds', [{ kind: 'slow', delayMs: 3_000 }]],
    ['says nothing', [{ kind: 'silence' }]],
    ['sends a page that is no JSON', [{ kind: 'answer', status: 502, body: '<html>' }]],
  ])('arrives though the tracker %s', async (_, armed) => {
    for (const fault of armed) {
      faults.arm(fault);
    }
    await world.api.put('/api/0/issues/102/', { assignedTo: 'user:12' });
    await world.api.idle();
    expect(await assigneesThere()).toEqual(['hubot']);
    expect(await assigneeHere()).toBe('12');
    expect(await link()).toMatchObject({ status: 'ok', lastError: null });
  });

  it.each(['429', '403'])('waits as long as a %s with Retry-After says', async (status) => {
    const before = faults.requests.length;
    faults.arm({ kind: 'answer', status: Number(status), headers: { 'retry-after': '3' } });
    await world.api.put('/api/0/issues/102/', { assignedTo: 'user:12' });
    await expect.poll(async () => (await link()).status).toBe('pending');
    await world.api.put('/api/0/issues/102/', { assignedTo: 'user:13' });
    await world.api.idle();
    expect(await assigneesThere()).toEqual(['mona']);
    const [limited, next] = faults.requests.slice(before);
    expect((next?.atMs ?? 0) - (limited?.atMs ?? 0)).toBeGreaterThanOrEqual(2_900);
  });

  it('that the tracker refuses for too long waits for the sweeper', async () => {
    for (let count = 0; count < 20; count += 1) {
      faults.arm(down);
    }
    await world.api.put('/api/0/issues/102/', { assignedTo: 'user:12' });
    await world.api.idle();
    expect(await assigneesThere()).toEqual([]);
    expect(await link()).toMatchObject({
      status: 'pending',
      lastError: expect.stringContaining('503'),
    });
    expect(await world.api.counted('sync.dead_letter')).toBe(1);
    faults.disarm();
    await sweep();
    expect(await assigneesThere()).toEqual(['hubot']);
    expect(await link()).toMatchObject({ status: 'ok', lastError: null });
  });

  it('waits while the credentials are refused, and goes on when they are good again', async () => {
    faults.arm({ kind: 'answer', status: 401 });
    await world.api.put('/api/0/issues/102/', { assignedTo: 'user:12' });
    await world.api.idle();
    expect(await link()).toMatchObject({ status: 'pending' });
    expect(await assigneesThere()).toEqual([]);
    await sweep();
    expect(await assigneesThere()).toEqual(['hubot']);
    expect(await link()).toMatchObject({ status: 'ok', lastError: null });
  });
});

describe('an assignment in the tracker', () => {
  async function changes(...assignees: readonly string[][]): Promise<void> {
    deliveries.hold(true);
    for (const logins of assignees) {
      await world.gitHub.assign(world.issue, logins);
    }
    await expect.poll(() => deliveries.held.length).toBeGreaterThanOrEqual(assignees.length);
  }

  it('comes here however its webhooks are mixed', async () => {
    await changes(['hubot'], ['mona'], ['hubot'], ['mona']);
    await deliveries.release((held) => [...held].reverse());
    await world.api.idle();
    expect(await assigneeHere()).toBe('13');
    expect(await assigneesThere()).toEqual(['mona']);
  });

  it('comes here once however often its webhook comes', async () => {
    await changes(['hubot']);
    await deliveries.release((held) => [...held, ...held, ...held]);
    await world.api.idle();
    expect(await assigneeHere()).toBe('12');
    const { activity } = (await world.api.get('/api/0/issues/102/')).body;
    expect(activity[0].type).toBe('assigned');
    expect(activity[1].type).not.toBe('assigned');
  });

  it('comes here by the sweeper when its webhook is lost', async () => {
    await changes(['hubot'], ['mona']);
    await deliveries.release(() => []);
    await world.api.idle();
    expect(await assigneeHere()).toBe(null);
    await sweep();
    expect(await assigneeHere()).toBe('13');
    await changes(['hubot']);
    await deliveries.release(() => []);
    await sweep();
    expect(await assigneeHere()).toBe('12');
  });

  it('comes here though the tracker cannot be asked at first', async () => {
    await changes(['hubot'], ['mona']);
    faults.arm({ kind: 'answer', status: 502 });
    await deliveries.release((held) => [...held, ...held]);
    await world.api.idle();
    expect(await assigneeHere()).toBe('13');
  });
});
