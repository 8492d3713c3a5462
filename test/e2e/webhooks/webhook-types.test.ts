import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningStack } from '../../../infra/local/stack.ts';
import { TOLD_TYPES } from '../../../shared/domain/webhooks/told-event.ts';
import { WEBHOOK_TYPES, type WebhookType } from '../../../shared/domain/webhooks/webhook-types.ts';
import { type Answer, type Api, apiOf } from '../../support/api.ts';
import { startTestStack } from '../../support/app.ts';
import { busOf, seenInShop } from '../../support/bus.ts';
import { problemsOf } from '../../support/webhooks/body-schemas.ts';
import {
  type Receiver,
  startReceiver,
  verified,
  type WebhookBody,
} from '../../support/webhooks/receiver.ts';
import { smallWorld } from '../../support/world.ts';
import { worldFile } from '../../support/world-file.ts';

const ORG = '/api/0/organizations/acme';
const PROJECT = '/api/0/projects/acme/told';

let world: ReturnType<typeof worldFile>;
let stack: RunningStack;
let receiver: Receiver;
let api: Api;
let bodies: readonly WebhookBody[];
/** The project that is made. */
let projectId: string;

/** What makes each of these happen, in this order; a type that is missing does not compile. */
const causes: Record<WebhookType, () => Promise<Answer>> = {
  'issue.created': async () => {
    const bus = busOf(stack.eventbridge);
    await bus.putSeen(seenInShop('told', { title: 'Told of' }));
    bus.close();
    await api.idle();
    return api.get(`${ORG}/issues/?query=`);
  },
  'issue.unassigned': async () => {
    await api.put(`${ORG}/issues/101/`, { assignedTo: 'user:11' });
    return api.put(`${ORG}/issues/101/`, { assignedTo: '' });
  },
  'issue.assigned': () => api.put(`${ORG}/issues/101/`, { assignedTo: 'user:11' }),
  'issue.reassigned': () => api.put(`${ORG}/issues/101/`, { assignedTo: 'team:core' }),
  'issue.owner_changed': () => api.put(`${ORG}/issues/101/`, { ownerTeam: 'team:core' }),
  'issue.lease_ending': async () => {
    const update = { assignedTo: 'user:11', assignmentExpires: 3_600 };
    await api.put(`${ORG}/issues/101/`, update);
    return api.post('/_local/schedules/leases', undefined);
  },
  'issue.orphaned': async () => {
    await api.put(`${ORG}/issues/102/`, { assignedTo: 'user:12' });
    return api.delete(`${ORG}/members/12/`);
  },
  'issue.resolved': () => api.put(`${ORG}/issues/101/`, { status: 'resolved' }),
  'issue.unresolved': () => api.put(`${ORG}/issues/101/`, { status: 'unresolved' }),
  'issue.ignored': () => api.put(`${ORG}/issues/101/`, { status: 'ignored' }),
  'issue.merged': () => api.put(`${ORG}/issues/?id=101&id=102`, { merge: 1 }),
  'issue.deleted': async () => {
    const { body } = await api.get(`${ORG}/issues/?query=title:"Told of"`);
    return api.delete(`${ORG}/issues/${body[0].id}/`);
  },
  'project.created': async () => {
    const made = await api.post('/api/0/teams/acme/core/projects/', { name: 'Told' });
    projectId = made.body.id;
    return made;
  },
  'project.updated': () => api.put(`${PROJECT}/`, { name: 'Told again' }),
  'ownership.changed': () => api.put(`${PROJECT}/ownership/`, { raw: 'path:x #core' }),
  'project.deleted': () => api.delete(`${PROJECT}/`),
  'project.restored': () => api.post(`/api/0/projects/acme/${projectId}/restore/`, undefined),
};

beforeAll(async () => {
  world = worldFile({
    organizations: smallWorld.organizations.map((one) => ({
      ...one,
      options: { 'webhooks.allow-private-address': one.slug === 'acme' },
      // A project can be restored however slow the machine is.
      projectDeletionDelay: 86_400,
    })),
  });
  receiver = await startReceiver();
  stack = await startTestStack({ world: world.path, cacheEngine: 'wasm' });
  api = apiOf(stack.url);
  const asked = { url: receiver.at('/all'), events: ['*'] };
  const { body: endpoint } = await api.post(`${ORG}/webhooks/`, asked);
  for (const [type, cause] of Object.entries(causes)) {
    const { status, body } = await cause();
    expect(status, `${type} ${JSON.stringify(body)}`).toBeLessThan(300);
    await api.idle();
  }
  bodies = receiver.arrivedAt('/all').map((one) => verified(one, endpoint.secret));
});
afterAll(async () => {
  await stack?.stop();
  await receiver?.stop();
  world?.remove();
});

it.each(WEBHOOK_TYPES)('%s is sent as its schema says', (type) => {
  const sent = bodies.filter((body) => body.type === type);
  expect(sent).not.toEqual([]);
  expect(problemsOf(sent)).toEqual([]);
});

it.each(TOLD_TYPES)('%s on the bus says that somebody may hear it', async (type) => {
  const events = (await api.events(type)).map(({ detail }) => Object(detail).webhooks);
  expect(events).toContain(true);
});

it('what says more than its type says it as the page does', () => {
  const dataOf = (wanted: WebhookType) => bodies.find(({ type }) => type === wanted)?.data;
  // The issue with more events takes in the other one.
  expect(dataOf('issue.merged')).toMatchObject({
    issue: { id: '102' },
    after: { children: ['101'] },
  });
  expect(dataOf('issue.orphaned')).toMatchObject({
    issue: { id: '102' },
    after: { assignedTo: { type: 'user', id: '12' }, cause: 'left' },
  });
  expect(dataOf('issue.lease_ending')).toMatchObject({
    issue: { id: '101' },
    after: { assignedTo: { type: 'user', id: '11' }, assignmentExpiresAt: expect.any(String) },
  });
  expect(dataOf('project.restored')).toMatchObject({
    issue: null,
    project: { id: projectId },
    after: { slug: 'told' },
  });
  expect(JSON.stringify(bodies)).not.toMatch(/@acme/);
});
