import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningStack } from '../../infra/local/stack.ts';
import { directoryKeys } from '../../shared/stores/keys/directory-keys.ts';
import type { Item } from '../../shared/stores/table.ts';
import { type Api, apiOf } from '../support/api.ts';
import { startTestStack } from '../support/app.ts';
import { worldFile } from '../support/world-file.ts';

/** The demo world, in which a deletion waits for two seconds. */
const world = worldFile();
const organizations = JSON.parse(readFileSync(world.path, 'utf8')).organizations;
organizations[0].projectDeletionDelay = 2;
const slow = worldFile({ organizations });

let stack: RunningStack;
let api: Api;
let table: DynamoDBDocumentClient;

beforeAll(async () => {
  stack = await startTestStack({ world: slow.path });
  api = apiOf(stack.url);
  table = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: stack.dynamodb,
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  );
});
afterAll(async () => {
  table?.destroy();
  await stack?.stop();
  world.remove();
  slow.remove();
});

async function itemsWith(text: string): Promise<Item[]> {
  const { Items = [] } = await table.send(new ScanCommand({ TableName: stack.table }));
  return (Items as Item[]).filter((item) => JSON.stringify(item).includes(text));
}

/** How long projects of acme that are deleted can still be restored, in seconds. */
async function setDeletionDelay(seconds: number): Promise<void> {
  await table.send(
    new UpdateCommand({
      TableName: stack.table,
      Key: directoryKeys.organization('1'),
      UpdateExpression: 'SET projectDeletionDelaySeconds = :seconds',
      ExpressionAttributeValues: { ':seconds': seconds },
    }),
  );
}

it('a project goes, comes back, and goes for good', async () => {
  // However slow the machine is, the project is restored in time.
  await setDeletionDelay(86_400);
  const created = await api.post('/api/0/teams/acme/core/projects/', { name: 'Short Lived' });
  const { id, slug } = created.body as { id: string; slug: string };
  await api.put(`/api/0/projects/acme/${slug}/`, { slug: 'renamed', isBookmarked: true });
  await api.put('/api/0/projects/acme/renamed/notification-settings/', { alerts: 'never' });

  expect((await api.delete('/api/0/projects/acme/renamed/')).status).toBe(204);
  expect((await api.get('/api/0/projects/acme/renamed/')).status).toBe(404);
  expect((await api.get(`/api/0/projects/acme/${slug}/`)).status).toBe(404);
  const deletion = `/api/0/projects/acme/${id}/deletion/`;
  expect((await api.get(deletion)).body).toMatchObject({ state: 'pending', startedAt: null });

  const restored = await api.post(`/api/0/projects/acme/${id}/restore/`, undefined);
  expect(restored).toMatchObject({
    status: 200,
    body: { id, slug: 'renamed', isBookmarked: true },
  });
  const settings = await api.get('/api/0/projects/acme/renamed/notification-settings/');
  expect(settings.body.alerts).toBe('never');
  await api.idle();
  expect((await api.get('/api/0/projects/acme/renamed/')).status).toBe(200);

  await setDeletionDelay(2);
  expect((await api.delete('/api/0/projects/acme/renamed/')).status).toBe(204);
  const heir = await api.post('/api/0/teams/acme/core/projects/', {
    name: 'Heir',
    slug: 'renamed',
  });
  expect(heir.status).toBe(201);
  await api.idle();
  expect((await api.get(deletion)).body).toMatchObject({ state: 'done', deleted: { groups: 0 } });
  expect((await api.post(`/api/0/projects/acme/${id}/restore/`, undefined)).status).toBe(404);
  const left = (await itemsWith(id)).filter(
    ({ expiresAt, sk }) => !expiresAt || sk === 'TOMBSTONE',
  );
  expect(left.map(({ sk }) => sk)).toEqual(['TOMBSTONE']);
  expect((await api.get('/api/0/projects/acme/renamed/')).body.id).toBe(heir.body.id);

  const told = (await api.events())
    .filter(({ detail }) => detail.projectId === id)
    .sort((a, b) => a.detail.version - b.detail.version);
  expect(told.map((event) => event['detail-type'])).toEqual([
    'project.created',
    'project.updated',
    'project.deleted',
    'project.restored',
    'project.deleted',
  ]);
});

it('an issue goes, and what belonged to it', async () => {
  await api.put('/api/0/organizations/acme/issues/101/', { assignedTo: 'user:12', hasSeen: true });
  expect((await api.delete('/api/0/organizations/acme/issues/101/')).status).toBe(202);
  expect((await api.get('/api/0/organizations/acme/issues/101/')).status).toBe(404);
  await api.idle();
  const left = (await itemsWith('101')).filter(({ pk }) => pk === 'G#101');
  expect(left).toEqual([]);
});

it('a team goes, and the issues that it held are nobody’s', async () => {
  await api.put('/api/0/organizations/acme/issues/102/', { assignedTo: 'team:21' });
  await api.idle();
  expect((await api.delete('/api/0/teams/acme/core/')).status).toBe(204);
  expect((await api.delete('/api/0/teams/acme/core/')).status).toBe(404);
  await api.idle();
  const issue = await api.get('/api/0/organizations/acme/issues/102/');
  expect(issue.body).toMatchObject({
    assignedTo: null,
    activity: [{ type: 'unassigned' }, {}, {}],
  });
  expect(issue.body.activity[0].user).toBeNull();
  expect(await itemsWith('T#21')).toEqual([]);
});

it('a member goes, and what they hold stays theirs', async () => {
  await api.put('/api/0/organizations/acme/issues/201/', { assignedTo: 'user:13' });
  expect((await api.delete('/api/0/organizations/acme/members/13/')).status).toBe(204);
  expect((await api.delete('/api/0/organizations/acme/members/13/')).status).toBe(404);
  await api.idle();
  const members = await api.get('/api/0/organizations/acme/members/');
  expect(JSON.stringify(members.body)).not.toContain('carol@acme.io');
});
