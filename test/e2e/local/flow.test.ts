import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Step } from '../../../infra/local/flow/step.ts';
import type { Answer } from '../../support/api.ts';
import {
  type SyncStack,
  startSyncStack,
  WEBHOOK_SECRET,
} from '../../support/trackers/sync-stack.ts';

let world: SyncStack;

beforeAll(async () => {
  world = await startSyncStack();
});
afterAll(async () => {
  await world?.stop();
});

const readFlow = async (): Promise<Step[]> =>
  (await world.api.get('/_local/flow?format=json', { token: null })).body;

const requestOf = ({ headers }: Answer) => headers.get('x-amzn-requestid');

/** The steps of one request, of one kind. */
async function stepsOf(answer: Answer, kind: Step['kind']) {
  const steps = await readFlow();
  return steps.filter((step) => step.request === requestOf(answer) && step.kind === kind);
}

/** The kinds of steps of a request, each once, in the order of their first ones. */
async function kindsOf(answer: Answer) {
  const steps = await readFlow();
  return [
    ...new Set(
      steps.filter(({ request }) => request === requestOf(answer)).map(({ kind }) => kind),
    ),
  ];
}

const ISSUE = '/api/0/issues/102/';

describe('an assignment', () => {
  let answer: Answer;
  beforeAll(async () => {
    answer = await world.api.put(ISSUE, { assignedTo: 'user:12' });
    await world.api.idle();
  });

  it('is one flow from its request to the tracker', async () => {
    expect(answer.status).toBe(200);
    const kinds = await kindsOf(answer);
    expect(kinds).toEqual(['request', 'rows', 'record', 'event', 'queue', 'tracker']);
  });

  it('begins with what was asked, and says who answered', async () => {
    expect(await stepsOf(answer, 'request')).toMatchObject([
      {
        title: `PUT ${ISSUE}`,
        detail: { method: 'PUT', path: ISSUE, body: { assignedTo: 'user:12' } },
      },
      { detail: { status: 200, by: 'group-update' } },
    ]);
  });

  it('shows the rows of its transaction, with what they said before', async () => {
    const [transaction] = await stepsOf(answer, 'rows');
    expect(transaction).toMatchObject({
      title: 'group-update wrote with a transaction 3 rows: assignment, activity, outbox',
      detail: {
        writer: 'group-update',
        rows: [
          {
            type: 'assignment',
            key: 'G#102 A#ASSIGNMENT',
            change: 'new',
            fields: { assignee: 'user:12' },
          },
          { type: 'activity', change: 'new' },
          { type: 'outbox', fields: { eventTypes: ['issue.assigned', 'manual.issue_assignment'] } },
        ],
      },
    });
  });

  it('shows its record, and the same events on the bus with the rules that they match', async () => {
    const [record] = await stepsOf(answer, 'record');
    expect(record?.title).toBe(
      'outbox-relay takes the record of issue.assigned, manual.issue_assignment',
    );
    const events = await stepsOf(answer, 'event');
    const idOf = ({ detail }: Step) => (detail.event as { eventId: string }).eventId;
    const recorded = record?.detail.events as { eventId: string }[] | undefined;
    expect(new Set(events.map(idOf))).toEqual(new Set(recorded?.map(({ eventId }) => eventId)));
    expect(events.find(({ detail }) => detail.type === 'issue.assigned')).toMatchObject({
      title: 'issue.assigned is on the bus: 1 rule matched',
      detail: { rules: [{ targets: ['syncfanout'] }] },
    });
  });

  it('shows its messages on their way through the queues', async () => {
    const messages = (await stepsOf(answer, 'queue')).map(
      ({ detail }) => `${detail.queue} ${detail.step}`,
    );
    for (const queue of ['syncfanout', 'syncoutbound.fifo']) {
      expect(messages.filter((message) => message.startsWith(`${queue} `))).toEqual(
        ['sent', 'received', 'deleted'].map((step) => `${queue} ${step}`),
      );
    }
  });

  it('shows what the tracker was told', async () => {
    const calls = await stepsOf(answer, 'tracker');
    expect(calls.find(({ detail }) => detail.method === 'POST')).toMatchObject({
      detail: {
        caller: 'sync-outbound',
        path: '/repos/octocat/hello/issues/1/assignees',
        body: { assignees: ['hubot'] },
        status: 200,
      },
    });
  });
});

it('the end of an assignment shows the cache keys that fell, and what the rows said', async () => {
  const { api } = world;
  await api.put(ISSUE, { assignedTo: 'user:12' });
  await api.idle();
  const answer = await api.put(ISSUE, { assignedTo: null });
  await api.idle();
  const [transaction] = await stepsOf(answer, 'rows');
  expect(transaction?.detail.rows).toContainEqual(
    expect.objectContaining({
      type: 'assignment',
      change: 'changed',
      fields: expect.objectContaining({ assignee: ['user:12', null] }),
    }),
  );
  const fallen = await stepsOf(answer, 'cache');
  expect(fallen.map(({ detail }) => detail.caller)).toContain('cache-repeat');
  for (const { detail } of fallen) {
    expect(detail.keys).toEqual(['assignee_exists:1:{102}', 'owner_exists:1:{102}']);
  }
});

it('assignments at the same time have a flow each, also where they travel in one batch', async () => {
  const { api } = world;
  const [before] = (await readFlow()).slice(-1);
  const answers = await Promise.all(
    ['101', '102'].map((id) => api.put(`/api/0/issues/${id}/`, { assignedTo: 'team:21' })),
  );
  await api.idle();
  const steps = (await readFlow()).filter(({ seq }) => seq > (before?.seq ?? 0));
  const ids = answers.map(requestOf);
  const events = steps.filter(({ kind }) => kind === 'event' || kind === 'record');
  expect(new Set(events.map(({ request }) => request))).toEqual(new Set(ids));
  const sent = steps.filter(({ detail }) => detail.step === 'sent');
  expect(sent.length).toBeGreaterThan(0);
  expect(sent.filter(({ request }) => !ids.includes(request))).toEqual([]);
});

it('a read without an effect is no flow', async () => {
  const { api } = world;
  const read = await api.get(ISSUE);
  await api.idle();
  expect(await kindsOf(read)).toEqual([]);
});

it('an event that follows from no request has a flow of its own', async () => {
  const events = (await readFlow()).filter(
    ({ kind, detail }) => kind === 'event' && detail.type === 'ownership.changed',
  );
  expect(events.length).toBeGreaterThan(0);
  for (const { request, detail } of events) {
    expect(request).toBe(detail.id);
  }
});

it('no token, secret, address or signature is in it, after a flow that is full of them', async () => {
  const { api, stack } = world;
  const org = '/api/0/organizations/acme';
  const told = {
    urlOfReceiver: 'https://hooks.acme.example/services/T0PATH/B0SECRET',
    note: 'my password is hunter2',
    address: 'eve.secret@acme.example',
    key: 'idempotency-key-of-eve',
    rules: 'path:src/hidden-folder/* carol@acme.io',
  };
  const signed = JSON.stringify({ action: 'ping', zen: 'never-shown-zen' });
  const signature = createHmac('sha256', WEBHOOK_SECRET).update(signed).digest('hex');
  const answers = [
    await api.post(`${org}/webhooks/`, { url: told.urlOfReceiver, events: ['*'] }),
    await api.post(`${org}/members/`, { email: told.address, role: 'member' }),
    await api.post(`${ISSUE}notes/`, { text: told.note }),
    await api.put('/api/0/projects/acme/shop/ownership/', { raw: told.rules }),
    await api.put(ISSUE, { isBookmarked: true }, { headers: { 'idempotency-key': told.key } }),
    await api.call('POST', '/api/0/extensions/github/webhook/501/', {
      token: null,
      body: signed,
      headers: { 'x-hub-signature-256': `sha256=${signature}`, 'x-github-event': 'ping' },
    }),
    await api.post('/api/0/projects/acme/shop/keys/', { name: 'Key' }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 200, 200, 202, 201]);
  await api.put(ISSUE, { assignedTo: 'user:13' });
  await api.idle();
  const text = JSON.stringify(await readFlow());
  for (const answer of answers.slice(0, 5)) {
    expect(text).toContain(requestOf(answer));
  }
  const [endpoint] = answers;
  expect(endpoint?.body.secret).toEqual(expect.any(String));
  const hidden = [
    ...Object.values(told),
    ...['T0PATH', 'hunter2', 'eve.secret', 'hidden-folder', 'carol@', 'never-shown-zen'],
    ...[stack.token, 'baton_local_', 'Bearer', 'tok1', WEBHOOK_SECRET, signature],
    ...[endpoint?.body.secret, answers.at(-1)?.body.secret].filter((one) => one !== undefined),
  ];
  for (const secret of hidden) {
    expect(text, secret).not.toContain(secret);
  }
});

it('is not for pages of other origins, nor for one whose name was made to lead here', async () => {
  const { url } = world.stack;
  const asked = await fetch(`${url}/_local/flow?format=json`, {
    headers: { origin: 'https://evil.example' },
  });
  expect(asked.status).toBe(403);
  const script = await fetch(`${url}/_local/api/begin.js`, {
    headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'script' },
  });
  expect(script.status).toBe(403);
});
