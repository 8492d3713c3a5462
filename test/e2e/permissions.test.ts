import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningStack } from '../../infra/local/stack.ts';
import type { WorldInput } from '../../infra/world/schema.ts';
import { SUBSCRIPTIONS } from '../../shared/messages/subscriptions.ts';
import { groupKeys } from '../../shared/stores/keys/group-keys.ts';
import { gsi2, gsi3 } from '../../shared/stores/keys/index-keys.ts';
import { projectKeys } from '../../shared/stores/keys/project-keys.ts';
import { type Api, apiOf } from '../support/api.ts';
import { startTestStack } from '../support/app.ts';
import { busOf, seenInShop } from '../support/bus.ts';
import { readAccount } from '../support/permissions.ts';
import { worldFile } from '../support/world-file.ts';

/**
 * The flows that need the permissions which no other test needs, and what a function meets that
 * lacks one. `test/support/app.ts` says at the end of a whole run which permissions nobody needed.
 */
const OPERATOR = {
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
const ORG = '/api/0/organizations/acme';
const LONG_AGO = '2020-01-01T00:00:00.000Z';

let world: ReturnType<typeof worldFile>;
let tracker: Awaited<ReturnType<typeof startTracker>>;
let stack: RunningStack;
let api: Api;
let table: DynamoDBDocumentClient;
let bus: EventBridgeClient;
let sqs: SQSClient;

beforeAll(async () => {
  tracker = await startTracker();
  const demo = worldFile();
  const { organizations = [] } = JSON.parse(readFileSync(demo.path, 'utf8')) as WorldInput;
  demo.remove();
  world = worldFile({
    integrations: [
      {
        id: '501',
        organization: 'acme',
        provider: 'gitlab',
        name: 'acme on GitLab',
        baseUrl: `${tracker.url}/api/v4`,
        secretRef: 'local/gitlab-501',
        config: { sync_forward_assignment: true },
        allowPrivateAddress: true,
      },
    ],
    secrets: { 'local/gitlab-501': { token: 'none', webhookSecrets: [] } },
    organizations: organizations.map((one) => ({ ...one, projectDeletionDelay: 3_600 })),
    externalActors: [],
    links: [{ group: '102', integration: '501', key: 'acme/tools/shop#4' }],
  });
  stack = await startTestStack({ world: world.path, cacheEngine: 'wasm' });
  api = apiOf(stack.url);
  table = DynamoDBDocumentClient.from(
    new DynamoDBClient({ ...OPERATOR, endpoint: stack.dynamodb }),
  );
  bus = new EventBridgeClient({ ...OPERATOR, endpoint: stack.eventbridge });
  sqs = new SQSClient({ ...OPERATOR, endpoint: `${stack.url}/_local/sqs` });
  await letTokenRunOut();
});
afterAll(async () => {
  for (const client of [table, bus, sqs]) {
    client?.destroy();
  }
  await stack?.stop();
  await tracker?.stop();
  world?.remove();
});

/** A GitLab that knows no issue, and takes only the token that its sign-in service gives last. */
async function startTracker() {
  const renewed: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const isSignedIn = request.headers.authorization === 'Bearer fresh';
    if (request.url === '/oauth/token') {
      renewed.push('fresh');
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"access_token":"fresh","refresh_token":"refresh-2","expires_in":7200}');
    } else {
      response.writeHead(isSignedIn ? 404 : 401, { 'content-type': 'application/json' });
      response.end('{"message":"no"}');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    renewed,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Stores credentials of the tracker that it takes no longer, and that can be renewed. */
async function letTokenRunOut(): Promise<void> {
  const ssm = new SSMClient({ ...OPERATOR, endpoint: `${stack.url}/_local/ssm` });
  const secret = {
    ...{ accessToken: 'stale', refreshToken: 'refresh-1', clientId: 'c', clientSecret: 's' },
    ...{ tokenUrl: `${tracker.url}/oauth/token`, webhookSecrets: [] },
  };
  await ssm.send(
    new PutParameterCommand({
      Name: '/baton/local/local/gitlab-501',
      Value: JSON.stringify(secret),
      Type: 'SecureString',
      Overwrite: true,
    }),
  );
  ssm.destroy();
}

async function put(...entries: [type: string, detail: object][]): Promise<void> {
  const { FailedEntryCount } = await bus.send(
    new PutEventsCommand({
      Entries: entries.map(([DetailType, detail]) => ({
        EventBusName: stack.bus,
        Source: DetailType === 'group.seen' ? 'baton.events' : 'baton',
        DetailType,
        Detail: JSON.stringify(detail),
      })),
    }),
  );
  expect(FailedEntryCount).toBe(0);
}

const event = (data: object, about: object = {}) => ({
  eventId: crypto.randomUUID(),
  aggregateId: 'group:101',
  version: 1,
  occurredAt: new Date().toISOString(),
  requestId: 'request-1',
  organizationId: '1',
  ...about,
  data,
});
const shopIssue = { projectId: '31', groupId: '101' };

async function queueOf(name: string): Promise<string> {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  return QueueUrls.find((url) => url.includes(`local-${name}`)) ?? expect.fail(`no queue ${name}`);
}

async function sendTo(name: string, body: string): Promise<void> {
  const QueueUrl = await queueOf(name);
  const fifo = { MessageGroupId: 'one', MessageDeduplicationId: crypto.randomUUID() };
  await sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: body,
      ...(QueueUrl.endsWith('.fifo') && fifo),
    }),
  );
}

async function depthOf(name: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: await queueOf(name), AttributeNames: ['All'] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
}

describe('with what it may do', () => {
  it('a consumer gives up what it cannot read', async () => {
    const types = Object.values(SUBSCRIPTIONS).map(([type]): string => type);
    const hearers = Object.values(SUBSCRIPTIONS).flatMap((heard: readonly string[]) =>
      heard.filter((type) => types.includes(type)),
    );
    await put(...types.map((type): [string, object] => [type, {}]));
    await sendTo('groupseenqueue', 'hello');
    await sendTo('syncinboundqueue', 'hello');
    await sendTo('syncoutboundqueue', 'hello');
    await sendTo('webhookdeliveryqueue', 'hello');
    await api.idle();
    expect(await depthOf('undelivered')).toBe(hearers.length + 2);
    expect(await depthOf('syncinbounddeadletters')).toBe(1);
    expect(await depthOf('syncoutbounddeadletters')).toBe(1);
  });

  it('a worker renews the credentials of a tracker, and keeps them', async () => {
    expect((await api.put(`${ORG}/issues/102/`, { assignedTo: 'user:12' })).status).toBe(200);
    await expect.poll(() => tracker.renewed).toEqual(['fresh']);
    await api.idle();
  });

  it('a project is followed and no longer followed', async () => {
    for (const isBookmarked of [true, false]) {
      const { body } = await api.put('/api/0/projects/acme/shop/', { isBookmarked });
      expect(body).toMatchObject({ isBookmarked });
    }
  });

  it('who leaves a team follows its issues no longer', async () => {
    const followers = async () => {
      const { body } = await api.get(`${ORG}/issues/101/`);
      return body.participants.map(({ id }: { id: string }) => id);
    };
    expect((await api.put(`${ORG}/issues/101/`, { assignedTo: 'team:21' })).status).toBe(200);
    expect(await followers()).toContain('12');
    const path = `${ORG}/members/12/teams/core/`;
    expect((await api.delete(path)).status).toBe(200);
    await api.idle();
    expect(await followers()).not.toContain('12');
  });

  it('a note is written, changed and deleted', async () => {
    const notes = `${ORG}/issues/102/notes/`;
    const { status, body } = await api.post(notes, { text: 'Look', mentions: ['user:11'] });
    expect(status).toBe(201);
    expect((await api.put(`${notes}${body.id}/`, { text: 'Look here' })).status).toBe(200);
    expect((await api.get(notes)).body).toMatchObject([{ data: { text: 'Look here' } }]);
    expect((await api.get(`${ORG}/issues/102/hashes/`)).status).toBe(200);
    expect((await api.delete(`${notes}${body.id}/`)).status).toBe(204);
  });

  it('a member has another role, and a team another name', async () => {
    const member = await api.put(`${ORG}/members/12/`, { orgRole: 'admin', teamRoles: [] });
    expect(member.status).toBe(200);
    expect((await api.put('/api/0/teams/acme/core/', { name: 'Heart' })).status).toBe(200);
  });

  it('an issue whose archive runs out is open again', async () => {
    const archived = { status: 'ignored', statusDetails: { ignoreDuration: 60 } };
    expect((await api.put(`${ORG}/issues/101/`, archived)).status).toBe(200);
    await table.send(
      new UpdateCommand({
        TableName: stack.table,
        Key: groupKeys.group('101'),
        UpdateExpression: 'SET statusDetails.ignoreUntil = :at, gsi2sk = :due',
        ExpressionAttributeValues: { ':at': LONG_AGO, ':due': gsi2.due(LONG_AGO, '101') },
      }),
    );
    expect((await api.post('/_local/schedules/unsnooze', undefined)).status).toBe(200);
    expect((await api.get(`${ORG}/issues/101/`)).body.status).toBe('unresolved');
  });

  it('an issue that takes in another one takes its assignee', async () => {
    expect((await api.put(`${ORG}/issues/101/`, { assignedTo: null })).status).toBe(200);
    const merged = await api.put(`${ORG}/issues/?id=101&id=102`, { merge: 1 });
    expect(merged.status).toBe(200);
    await api.idle();
    const { parent } = merged.body.merge;
    expect((await api.get(`${ORG}/issues/${parent}/`)).body.assignedTo).toMatchObject({ id: '12' });
  });

  it('an issue gets the owners of its new rules in place of those before', async () => {
    const seen = busOf(stack.eventbridge);
    const ownersBy = [
      ['#core', 'team:21'],
      ['alice@acme.io', 'user:11'],
    ] as const;
    for (const [owner, found] of ownersBy) {
      const raw = `path:app/* ${owner}`;
      const autoAssignment = 'Turn off Auto-Assignment';
      const rules = { raw, autoAssignment };
      expect((await api.put('/api/0/projects/acme/shop/ownership/', rules)).status).toBe(200);
      await api.idle();
      await seen.putSeen(seenInShop('owned', { title: 'Owned' }));
      await api.idle();
      const { body } = await api.get(`${ORG}/issues/?query=&limit=100&expand=owners`);
      const issue = body.find(({ title }: { title: string }) => title === 'Owned');
      expect(issue.owners.map((one: { owner: string }) => one.owner)).toEqual([found]);
    }
    seen.close();
  });

  it('an issue is to be created at a tracker whose token has run out', async () => {
    await letTokenRunOut();
    const renewals = tracker.renewed.length;
    const path = `${ORG}/issues/102/integrations/501/`;
    const answer = await api.post(path, { title: 'Broken', project: 'acme/tools/shop' });
    expect(answer).toMatchObject({
      status: 400,
      body: { non_field_errors: [expect.stringContaining('GitLab answered 404')] },
    });
    expect(tracker.renewed.length).toBe(renewals + 1);
  });

  it('links of a tracker that is gone go with what comes next for them, or from it', async () => {
    const { body: inside } = await api.post(`${ORG}/integrations/`, {
      provider: 'github',
      name: 'Inside',
      baseUrl: stack.url.replace('http://127.0.0.1', 'https://localhost'),
      config: { sync_forward_assignment: true },
    });
    const [outbound, inbound] = ['acme/gone#1', 'acme/gone#2'];
    for (const [issue, key] of [
      ['101', outbound],
      ['102', inbound],
    ]) {
      const path = `${ORG}/issues/${issue}/external-issues/`;
      expect((await api.post(path, { integrationId: inside.id, key })).status).toBe(201);
    }
    await api.idle();
    expect((await api.delete(`${ORG}/integrations/${inside.id}/`)).status).toBe(204);
    expect((await api.put(`${ORG}/issues/101/`, { assignedTo: 'user:11' })).status).toBe(200);
    await sendTo('syncinboundqueue', webhookOf(inside.id, inbound));
    await api.idle();
    for (const key of [outbound, inbound]) {
      const { Count } = await table.send(
        new QueryCommand({
          TableName: stack.table,
          IndexName: gsi3.name,
          KeyConditionExpression: 'gsi1pk = :pk',
          ExpressionAttributeValues: { ':pk': gsi3.linkedTo(inside.id, String(key)) },
        }),
      );
      expect(Count).toBe(0);
    }
  });

  it('a deletion that is due is handed to a worker', async () => {
    const { body } = await api.post('/api/0/teams/acme/core/projects/', { name: 'Due' });
    expect((await api.delete(`/api/0/projects/acme/${body.slug}/`)).status).toBe(204);
    await table.send(
      new UpdateCommand({
        TableName: stack.table,
        Key: projectKeys.tombstone(body.id),
        UpdateExpression: 'SET gsi2sk = :due',
        ConditionExpression: 'gsi2pk = :deletion',
        ExpressionAttributeValues: {
          ':due': gsi2.due(LONG_AGO, body.id),
          ':deletion': gsi2.deletion,
        },
      }),
    );
    expect((await api.post('/_local/schedules/due-deletions', undefined)).status).toBe(200);
    await api.idle();
  });
});

/** What a webhook of a tracker said about an issue, as it reaches the worker. */
function webhookOf(integrationId: string, externalKey: string | undefined): string {
  return JSON.stringify({
    integrationId,
    requestId: 'request-1',
    snapshot: {
      ...{ deliveryId: 'd', externalKey, stableId: null, assignees: [], status: null },
      ...{ externalVersion: { atMs: 1, rev: null }, actor: null, incomplete: false },
    },
  });
}

/** For each consumer what is taken away from it, and what makes it ask. */
const LACKING: Record<string, { action: string; cause: () => Promise<void> }> = {
  'project-cascade': {
    action: 'dynamodb:GetItem',
    cause: () => put(['issue.deletion_requested', event({}, { projectId: '31', groupId: '999' })]),
  },
  'team-cascade': {
    action: 'dynamodb:GetItem',
    cause: () =>
      put([
        'team.deleted',
        event({ teamId: '999', slug: 'gone', name: 'Gone', dateCreated: LONG_AGO }),
      ]),
  },
  'membership-followup': {
    action: 'dynamodb:Query',
    cause: () => put(['team.member_left', event({ teamId: '21', userId: '11' })]),
  },
  'holder-review': {
    action: 'dynamodb:GetItem',
    cause: () => put(['member.left', event({ userId: '12' })]),
  },
  'operation-worker': {
    action: 'dynamodb:GetItem',
    cause: () => put(['operation.work_requested', event({ operationId: '404', fencingToken: 0 })]),
  },
  'webhook-fanout': {
    action: 'dynamodb:Query',
    cause: () => put(['issue.unassigned', event({ previous: null, source: null }, shopIssue)]),
  },
  'webhook-delivery': {
    action: 'dynamodb:UpdateItem',
    cause: () =>
      sendTo('webhookdeliveryqueue', JSON.stringify({ organizationId: '1', webhookId: '1' })),
  },
  'sync-fanout': {
    action: 'dynamodb:Query',
    cause: () => put(['issue.unassigned', event({ previous: null, source: null }, shopIssue)]),
  },
  'group-seen': {
    action: 'dynamodb:BatchGetItem',
    cause: () => put(['group.seen', seenInShop('lacking')]),
  },
  'sync-inbound': {
    action: 'dynamodb:Query',
    cause: () => sendTo('syncinboundqueue', webhookOf('501', 'acme/b#1')),
  },
};

describe('without one of its permissions', () => {
  const revoke = (revocations: readonly object[]) =>
    api.put('/_local/permissions/revoked', revocations, { token: null });

  it('a request fails, and the log names the permission', async () => {
    await revoke([{ caller: 'group-read', action: 'dynamodb:BatchGetItem' }]);
    expect((await api.get(`${ORG}/issues/?query=`)).status).toBe(500);
    const { refusals } = await readAccount(stack.url);
    expect(refusals).toMatchObject([{ caller: 'group-read', action: 'dynamodb:BatchGetItem' }]);
    await revoke([]);
    expect((await api.get(`${ORG}/issues/?query=`)).status).toBe(200);
  });

  it('a consumer is refused, and does its work when it may', async () => {
    const wanted = Object.entries(LACKING).map(([caller, { action }]) => ({ caller, action }));
    await revoke(wanted);
    for (const { cause } of Object.values(LACKING)) {
      await cause();
    }
    const refused = async () => {
      const { refusals } = await readAccount(stack.url);
      return refusals.map(({ caller, action }) => `${caller} ${action}`);
    };
    await expect
      .poll(refused)
      .toEqual(expect.arrayContaining(wanted.map(({ caller, action }) => `${caller} ${action}`)));
    // Each attempt of one invocation fails, and then the message is shown again soon.
    const hiders = async () => {
      const { grants } = await readAccount(stack.url);
      return grants
        .filter(({ action, used }) => used && action === 'sqs:ChangeMessageVisibility')
        .map(({ caller }) => caller);
    };
    await expect.poll(hiders).toEqual(expect.arrayContaining(Object.keys(LACKING)));
    await revoke([]);
    await api.idle();
    expect(await refused()).toEqual([]);
  });
});
