import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SyncStack, startSyncStack, WEBHOOK_SECRET } from '../support/trackers/sync-stack.ts';

const WEBHOOK_PATH = '/api/0/extensions/github/webhook/501/';

let world: SyncStack;

beforeAll(async () => {
  world = await startSyncStack();
  await world.gitHub.addWebhook(`${world.stack.url}${WEBHOOK_PATH}`, WEBHOOK_SECRET);
});
afterAll(async () => {
  await world?.stop();
});

const group = async () => (await world.api.get('/api/0/issues/102/')).body;
const assigneeHere = async () => (await group()).assignedTo?.id ?? null;

/**
 * Waits until somebody assigned there has come here; the tracker's webhooks are on their way after
 * its answer.
 */
const arrives = (userId: string | null) => expect.poll(assigneeHere).toBe(userId);
const idle = () => world.api.idle();

describe('an assignment here', () => {
  it('shows in the tracker, and so do its change and its end', async () => {
    const { api, gitHub, issue } = world;
    for (const [assignedTo, expected] of [
      ['user:12', ['hubot']],
      ['user:13', ['mona']],
      [null, []],
    ] as const) {
      await api.put('/api/0/issues/102/', { assignedTo });
      await idle();
      expect(await gitHub.assignees(issue)).toEqual(expected);
    }
  });

  it('leaves those alone who were assigned there by somebody else', async () => {
    const { api, gitHub, issue } = world;
    await api.put('/api/0/issues/102/', { assignedTo: 'user:12' });
    await idle();
    await gitHub.assign(issue, ['hubot', 'stranger']);
    await idle();
    await api.put('/api/0/issues/102/', { assignedTo: 'user:13' });
    await idle();
    expect(await gitHub.assignees(issue)).toEqual(['mona', 'stranger']);
    await gitHub.assign(issue, []);
    await arrives(null);
  });
});

describe('an assignment in the tracker', () => {
  it('comes here by its signed webhook, with no acting user, and is not sent back', async () => {
    const { api, gitHub, issue } = world;
    await gitHub.assign(issue, ['hubot']);
    await arrives('12');
    await idle();
    const { assignedTo, activity } = await group();
    expect(assignedTo).toMatchObject({ type: 'user', id: '12' });
    expect(activity[0]).toMatchObject({ type: 'assigned', user: null, data: { assignee: '12' } });
    const [event] = (await api.events('issue.assigned')).slice(-1);
    expect(event?.detail.data).toMatchObject({
      source: '501',
      assignee: { type: 'user', id: '12' },
    });
    expect(await gitHub.assignees(issue)).toEqual(['hubot']);

    await gitHub.assign(issue, ['mona']);
    await arrives('13');
    await gitHub.assign(issue, []);
    await arrives(null);
  });

  it('of somebody whom nobody here stands for changes nothing here, and the link says so', async () => {
    const { gitHub, issue } = world;
    await gitHub.assign(issue, ['hubot']);
    await arrives('12');
    await gitHub.assign(issue, ['stranger']);
    await expect
      .poll(() => world.api.counted('sync.inbound', { outcome: 'applied' }))
      .toBeGreaterThan(0);
    await idle();
    expect(await assigneeHere()).toBe('12');
    expect(await gitHub.assignees(issue)).toEqual(['stranger']);
    await gitHub.assign(issue, []);
    await arrives(null);
  });
});

describe('a second link of the issue', () => {
  it('through the same tracker gets what the first one brought', async () => {
    const { api, gitHub, issue } = world;
    const second = await gitHub.openIssue('Second');
    const path = '/api/0/organizations/acme/issues/102/external-issues/';
    const { body } = await api.post(path, {
      integrationId: '501',
      key: `octocat/hello#${second}`,
    });
    await idle();
    await gitHub.assign(issue, ['hubot']);
    await arrives('12');
    await idle();
    expect(await gitHub.assignees(second)).toEqual(['hubot']);
    await gitHub.assign(second, ['mona']);
    await arrives('13');
    await idle();
    expect(await gitHub.assignees(issue)).toEqual(['mona']);
    await api.put('/api/0/issues/102/', { assignedTo: null });
    await idle();
    expect(await gitHub.assignees(issue)).toEqual([]);
    expect(await gitHub.assignees(second)).toEqual([]);
    await api.delete(`${path}${body.id}/`);
  });
});

describe('a status', () => {
  it('goes there and comes back', async () => {
    const { api, gitHub, issue } = world;
    await api.put('/api/0/issues/102/', { status: 'resolved' });
    await idle();
    expect(await gitHub.state(issue)).toBe('closed');
    for (const [state, status] of [
      ['open', 'unresolved'],
      ['closed', 'resolved'],
    ] as const) {
      await gitHub.setState(issue, state);
      await expect.poll(async () => (await group()).status).toBe(status);
    }
    await api.put('/api/0/issues/102/', { status: 'unresolved' });
    await idle();
    expect(await gitHub.state(issue)).toBe('open');
  });
});

describe('a webhook', () => {
  const sign = (body: string, secret = WEBHOOK_SECRET) =>
    `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const post = (body: string, headers: Record<string, string>, path = WEBHOOK_PATH) =>
    world.api.call('POST', path, { token: null, body, headers });
  const ping = JSON.stringify({ zen: 'Keep it simple.' });

  it.each([
    ['is signed with the current secret', ping, sign(ping)],
    ['is signed with the one before it', ping, sign(ping, 's3cret-old')],
  ])('that %s is taken', async (_, body, signature) => {
    const answer = await post(body, {
      'X-Hub-Signature-256': signature,
      'X-GitHub-Event': 'ping',
    });
    expect(answer.status).toBe(202);
    expect(answer.body).toBeUndefined();
  });

  it.each([
    ['has no signature', {}, WEBHOOK_PATH],
    ['is signed with another secret', { 'X-Hub-Signature-256': sign(ping, 'other') }, WEBHOOK_PATH],
    [
      'is for an unknown integration',
      { 'X-Hub-Signature-256': sign(ping) },
      '/api/0/extensions/github/webhook/999/',
    ],
    [
      'is another provider’s',
      { 'X-Hub-Signature-256': sign(ping) },
      '/api/0/extensions/gitlab/webhook/501/',
    ],
    [
      'is a provider’s that nobody knows',
      { 'X-Hub-Signature-256': sign(ping) },
      '/api/0/extensions/bugzilla/webhook/501/',
    ],
  ])('that %s is refused', async (_, headers, path) => {
    const answer = await post(ping, headers, path);
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({ detail: 'Invalid signature' });
  });

  it.each(['[]', '"text"', 'null', '{'])(
    'that is signed and says %s is malformed',
    async (body) => {
      const answer = await post(body, { 'X-Hub-Signature-256': sign(body) });
      expect(answer.status).toBe(400);
      expect(answer.body.detail).toEqual(expect.any(String));
    },
  );

  it('of more than 1 MiB is not read', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(1024 * 1024) });
    expect((await post(body, { 'X-Hub-Signature-256': sign(body) })).status).toBe(413);
  });
});
