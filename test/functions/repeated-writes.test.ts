import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ANSWER_OF } from '../../infra/api-document/answer-of.ts';
import { canonicalJson } from '../../shared/domain/same-value.ts';
import { ENV } from '../../shared/env.ts';
import type { ApiHandler } from '../../shared/http/api.ts';
import { heedsIfMatch, takesKey } from '../../shared/http/routes/route.ts';
import { type Operation, ROUTES, type Route } from '../../shared/http/routes.ts';
import { aliceAtAcme, type GatewayRequest, send } from '../http/gateway-event.ts';
import { workOnAll } from '../operations/bulk/workers.ts';
import { startParameterServer } from '../support/doubles/parameter-server.ts';
import { startRecordingSqs } from '../support/doubles/recording-sqs.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import type { RunningServer } from '../support/trackers/double-server.ts';
import { startGitLabWorld } from '../support/trackers/gitlab-world.ts';
import type { TrackerWorld } from '../support/trackers/tracker-world.ts';
import { scanAll, smallWorld, type TestWorld, worldOnFreshTable } from '../support/world.ts';

/**
 * Every write of the route table, sent twice under one key: a route that is not here does not
 * compile.
 */

type Write = Extract<
  (typeof ROUTES)[number],
  { readonly method: 'POST' | 'PUT' | 'DELETE'; readonly access: 'token' }
>['operation'];

type Said = {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly body?: unknown;
};

const routes: readonly Route[] = ROUTES;
const byOperation = new Map<string, Route>(routes.map((route) => [route.operation, route]));
const handlers = new Map<string, ApiHandler>();
let world: TestWorld;
let tracker: TrackerWorld;
let parameters: RunningServer;
let queues: Awaited<ReturnType<typeof startRecordingSqs>>;

beforeAll(async () => {
  tracker = await startGitLabWorld();
  parameters = await startParameterServer({ '/baton/test/local/gitlab-505': { token: 'glpat-1' } });
  const issues = Array.from({ length: 12 }, (_, index) => String(7000 + index));
  world = await worldOnFreshTable({
    organizations: smallWorld.organizations.map((one) => ({
      ...one,
      features: ['integrations-issue-sync'],
      projectDeletionDelay: 3600,
    })),
    groups: [
      ...smallWorld.groups,
      ...issues.map((id) => ({ id, project: '31', shortId: `SHOP-${id}`, title: 'KeyError' })),
    ],
    integrations: [
      ...['501', '503', '504'].map((id) => ({
        ...{ id, organization: 'acme', provider: 'github' as const, name: `GitHub ${id}` },
        ...{ baseUrl: 'https://api.github.com', secretRef: `local/github-${id}`, config: {} },
      })),
      {
        ...{ id: '505', organization: 'acme', provider: 'gitlab', name: 'GitLab', config: {} },
        ...{ baseUrl: tracker.url, secretRef: 'local/gitlab-505', allowPrivateAddress: true },
      },
    ],
  });
  enterFunctionEnvironment(world);
  process.env.AWS_ENDPOINT_URL_SSM = parameters.url;
  queues = await startRecordingSqs();
  process.env[ENV.webhookQueue] = `${queues.url}/000000000000/wake`;
  process.env[ENV.rateLimits] = 'off';
  for (const name of new Set(routes.filter(takesKey).map((route) => route.function))) {
    const module = await import(`../../functions/${name}/handler.ts`);
    handlers.set(name, module.handler as ApiHandler);
  }
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL_SSM;
  await queues.stop();
  await tracker.stop();
  await parameters.stop();
});

function call(operation: Operation, said: Said, more: Partial<GatewayRequest> = {}) {
  const route = byOperation.get(operation);
  const handler = route && handlers.get(route.function);
  if (route === undefined || handler === undefined) {
    throw new Error(`Nothing answers ${operation}.`);
  }
  return send(handler, {
    method: route.method,
    resource: route.path.slice(0, -1),
    path: { org: 'acme', project: 'shop', ...said.path },
    ...(said.query === undefined ? {} : { query: said.query }),
    ...(said.body === undefined ? {} : { body: JSON.stringify(said.body) }),
    ...more,
  });
}

/** The id of something that a request has made. */
async function made(operation: Operation, said: Said): Promise<string> {
  const { statusCode, body } = await call(operation, said);
  expect(statusCode, JSON.stringify(body)).toBeLessThan(300);
  return (body as { id: string }).id;
}

const codeowners = (folder: string) => ({ body: { raw: `${folder}/* @nobody` } });
const aFile = async (of: string) => ({ id: await made('createCodeowners', codeowners(of)) });
const aPlan = { body: { ids: ['7010'], update: { assignedTo: 'user:12' } } };
const hooks = { body: { url: 'https://hooks.acme.example/', events: ['*'] } };
const aWebhook = async () => ({ webhook: await made('createWebhook', hooks) });
const aProject = (slug: string) =>
  made('createProject', { path: { team: 'core' }, body: { name: slug, slug } });
const aTeam = (slug: string) => made('createTeam', { body: { name: slug, slug } });
const aNote = async (text: string) => {
  const path = { issue: '7010' };
  return { ...path, note: await made('createIssueNote', { path, body: { text } }) };
};
const user = { integrationId: '501', userId: '12' };
const team = { integrationId: '501', teamId: '21' };
const deletedProject = async (slug: string) => {
  const project = await aProject(slug);
  await call('deleteProject', { path: { project } });
  return project;
};

const there = (integration: string) => ({ issue: '7009', integration });
const aLink = (externalIssue: string) => ({ path: there('504'), body: { externalIssue } });
const anIssueThere = (title: string) => ({
  path: there('505'),
  body: { title, project: tracker.container },
});
const aLinkMade = async (key: string) => {
  const externalIssue = await made('linkIssueIntegration', aLink(key));
  return { path: there('504'), query: { externalIssue: [externalIssue] } };
};

/** One request of each write, made ready where it needs something that is its own. */
const writes: Readonly<Record<Write, () => Said | Promise<Said>>> = {
  updateProjectIssues: () => ({ query: { id: ['101', '7000'] }, body: { status: 'resolved' } }),
  updateOrganizationIssues: () => ({
    query: { id: ['102', '7001'] },
    body: { assignedTo: 'user:12' },
  }),
  updateOrganizationIssue: () => ({ path: { issue: '7002' }, body: { isPublic: true } }),
  updateIssue: () => ({ path: { issue: '7003' }, body: { assignedTo: 'team:21' } }),
  deleteProjectIssues: () => ({ query: { id: ['101', '7004'] } }),
  deleteOrganizationIssues: () => ({ query: { id: ['102', '7005'] } }),
  deleteOrganizationIssue: () => ({ path: { issue: '7006' } }),
  deleteIssue: () => ({ path: { issue: '7007' } }),

  createIssueNote: () => ({ path: { issue: '7010' }, body: { text: 'Once, @bob' } }),
  updateIssueNote: async () => ({ path: await aNote('Old'), body: { text: 'New' } }),
  deleteIssueNote: async () => ({ path: await aNote('Gone') }),
  createOrganizationIssueNote: () => ({ path: { issue: '7010' }, body: { text: 'Once more' } }),
  updateOrganizationIssueNote: async () => ({ path: await aNote('Older'), body: { text: 'New' } }),
  deleteOrganizationIssueNote: async () => ({ path: await aNote('Gone too') }),

  createProject: () => ({ path: { team: 'core' }, body: { name: 'Once', slug: 'once' } }),
  updateProject: async () => {
    const project = await aProject('copied');
    const change = { fallthrough: false };
    await call('updateOwnership', { path: { project }, body: change });
    return {
      path: { project: await aProject('updated') },
      body: { name: 'B', copy_from_project: project },
    };
  },
  createProjectKey: () => ({ body: { name: 'Once' } }),
  updateProjectKey: async () => ({
    path: { key: await made('createProjectKey', { body: { name: 'Old' } }) },
    body: { name: 'New' },
  }),
  deleteProjectKey: async () => ({
    path: { key: await made('createProjectKey', { body: { name: 'Gone' } }) },
  }),
  updateNotificationSettings: () => ({ body: { alerts: 'never' } }),
  deleteProject: async () => ({ path: { project: await aProject('deleted') } }),
  restoreProject: async () => ({ path: { project: await deletedProject('restored') } }),

  updateOwnership: () => ({ body: { raw: '*.js #core' } }),
  restoreOwnershipVersion: async () => {
    await call('updateOwnership', { body: { raw: '*.css #core' } });
    return { path: { version: '1' }, body: {} };
  },
  reconcileOwnership: () => ({ body: { dryRun: true } }),
  sweepOrphans: () => ({ body: {} }),
  cancelOperation: async () => ({ path: { operation: await made('sweepOrphans', { body: {} }) } }),
  revertOperation: async () => {
    const operation = await made('applyPlan', { path: { plan: await made('createPlan', aPlan) } });
    await workOnAll(world);
    return { path: { operation } };
  },
  createPlan: () => aPlan,
  applyPlan: async () => ({ path: { plan: await made('createPlan', aPlan) } }),
  previewOwnership: () => ({ body: { raw: '*.js #core' } }),
  evaluateOwnership: () => ({ body: { event: {} } }),
  createCodeowners: () => ({ body: { raw: 'a/* @nobody' } }),
  updateCodeowners: async () => ({ path: await aFile('b'), ...codeowners('c') }),
  deleteCodeowners: async () => ({ path: await aFile('d') }),
  createExternalUser: () => ({ body: { ...user, externalName: '@one' } }),
  updateExternalUser: async () => ({
    path: {
      externalUser: await made('createExternalUser', { body: { ...user, externalName: '@two' } }),
    },
    body: { externalName: '@three' },
  }),
  deleteExternalUser: async () => ({
    path: {
      externalUser: await made('createExternalUser', { body: { ...user, externalName: '@four' } }),
    },
  }),
  createExternalTeam: () => ({ body: { ...team, externalName: '@acme/one' } }),
  updateExternalTeam: async () => ({
    path: {
      externalTeam: await made('createExternalTeam', { body: { ...team, externalName: '@a/two' } }),
    },
    body: { externalName: '@acme/three' },
  }),
  deleteExternalTeam: async () => ({
    path: {
      externalTeam: await made('createExternalTeam', { body: { ...team, externalName: '@a/4' } }),
    },
  }),

  updateOrganization: () => ({ body: { name: 'Acme and Sons' } }),
  createTeam: () => ({ body: { name: 'Once', slug: 'once' } }),
  updateTeam: async () => ({ path: { team: await aTeam('old') }, body: { name: 'New' } }),
  deleteTeam: async () => ({ path: { team: await aTeam('deleted') } }),
  addMember: () => ({ body: { email: 'new@acme.io' } }),
  updateMember: () => ({ path: { member: '13' }, body: { orgRole: 'manager' } }),
  deleteMember: () => ({ path: { member: '15' } }),
  joinTeam: () => ({ path: { member: '13', team: 'core' } }),
  updateTeamMember: () => ({ path: { member: '12', team: 'core' }, body: {} }),
  leaveTeam: () => ({ path: { member: '12', team: 'core' } }),
  addProjectTeam: () => ({ path: { team: 'web' } }),
  removeProjectTeam: () => ({ path: { team: 'web' } }),

  createIntegration: () => ({
    body: { provider: 'github', name: 'Once', baseUrl: 'https://api.github.com' },
  }),
  updateIntegration: () => ({ path: { integration: '501' }, body: { name: 'Renamed' } }),
  configureIntegration: () => ({
    path: { integration: '501' },
    body: { sync_forward_assignment: true },
  }),
  deleteIntegration: async () => {
    const account = { integrationId: '503', userId: '12', externalName: '@gone' };
    await made('createExternalUser', { body: account });
    return { path: { integration: '503' } };
  },
  linkExternalIssue: () => ({
    path: { issue: '7008' },
    body: { integrationId: '504', key: 'acme/shop#1' },
  }),
  unlinkExternalIssue: async () => {
    const body = { integrationId: '504', key: 'acme/shop#2' };
    const path = { issue: '7009' };
    return { path: { ...path, link: await made('linkExternalIssue', { path, body }) } };
  },
  createTrackerIssue: () => anIssueThere('Once'),
  createOrganizationTrackerIssue: () => anIssueThere('Once more'),
  linkIssueIntegration: () => aLink('acme/shop#3'),
  linkOrganizationIssueIntegration: () => aLink('acme/shop#4'),
  unlinkIssueIntegration: () => aLinkMade('acme/shop#5'),
  unlinkOrganizationIssueIntegration: () => aLinkMade('acme/shop#6'),

  createWebhook: () => hooks,
  updateWebhook: async () => ({ path: await aWebhook(), body: { enabled: false } }),
  deleteWebhook: async () => ({ path: await aWebhook() }),
  rotateWebhookSecret: async () => ({ path: await aWebhook() }),
  pingWebhook: async () => ({ path: await aWebhook() }),
  redeliverWebhooks: async () => ({ path: await aWebhook(), body: { since: '2026-01-01T00:00Z' } }),
  redeliverWebhook: async () => {
    const path = await aWebhook();
    return { path: { ...path, delivery: await made('pingWebhook', { path }) } };
  },
};

/** All that the table holds beside what is known of keys, by the rows' keys. */
async function rows(): Promise<ReadonlyMap<string, string>> {
  const items = await scanAll(world);
  return new Map(
    items
      .filter(({ pk }) => !pk.startsWith('REPEAT#'))
      .map((item) => [`${item.pk} ${item.sk}`, canonicalJson(item)]),
  );
}

/** The keys of the rows that came, went or changed since. */
async function changedSince(before: ReadonlyMap<string, string>): Promise<string[]> {
  const now = await rows();
  const keys = new Set([...before.keys(), ...now.keys()]);
  return [...keys].filter((key) => before.get(key) !== now.get(key));
}

/** What is wrong with an answer by the table of answers, which also knows what has no body. */
function problemsWith(
  operation: Write,
  { statusCode, body }: { readonly statusCode: number; readonly body: unknown },
): string[] {
  const schema = ANSWER_OF[operation][statusCode] ?? v.undefined();
  const { issues = [] } = v.safeParse(schema, body);
  return issues.map((issue) => `${statusCode} ${v.getDotPath(issue)}: ${issue.message}`);
}

const repeatable = Object.entries(writes) as [Write, (typeof writes)[Write]][];
const keyed = (key: string) => ({ headers: { 'Idempotency-Key': key } });
/** `If-Match` is heeded where the route table says so, and nowhere else. */
const unheeded = (name: Write) => {
  const route = byOperation.get(name);
  const heeds = route !== undefined && heedsIfMatch(route);
  return heeds ? {} : { 'If-Match': '"of-nothing"' };
};
const REPLAYED = 'Idempotency-Replayed';

describe('a repeated request', () => {
  it('is one of each write of the route table', () => {
    const all = routes.filter(takesKey).map(({ operation }) => operation);
    expect(repeatable.map(([operation]) => operation).sort()).toEqual(all.sort());
  });

  it.each(repeatable)('to %s is answered as before, and changes nothing', async (name, ready) => {
    const said = await ready();
    const lines: string[] = [];
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
    }
    const headers = { ...keyed(name).headers, ...unheeded(name) };
    const first = await call(name, said, { headers });
    const before = await rows();
    const second = await call(name, said, keyed(name));
    vi.restoreAllMocks();
    expect(first.statusCode, JSON.stringify(first.body)).toBeLessThan(300);
    expect(problemsWith(name, first)).toEqual([]);
    expect(first.headers).not.toHaveProperty(REPLAYED);
    expect(second).toEqual({ ...first, headers: { ...first.headers, [REPLAYED]: 'true' } });
    expect(await changedSince(before)).toEqual([]);
    // One that commits twice has to say `claimsKey` in its row.
    expect(lines.filter((line) => line.includes('Idempotency-Key'))).toEqual([]);
  });

  it.each(repeatable)('to %s with another body or path is refused', async (name) => {
    const others: Said[] = [{ path: { org: '1' } }, { body: { other: true } }];
    const route = byOperation.get(name);
    for (const said of route?.path.includes('{org}') ? others : others.slice(1)) {
      const path = Object.fromEntries(
        [...(route?.path.matchAll(/\{(\w+)\}/g) ?? [])].map(([, part = '']) => [part, '1']),
      );
      const other = { ...said, path: { ...path, org: 'acme', ...said.path } };
      const { statusCode, body } = await call(name, other, keyed(name));
      expect([statusCode, body]).toEqual([
        422,
        {
          detail: 'This Idempotency-Key was used for a request with another method, path or body.',
        },
      ]);
    }
  });
});

it('creates each issue at a tracker once', async () => {
  expect((await tracker.created()).map(({ title }) => title)).toEqual(['Once', 'Once more']);
});

it('keeps of an answer that shows a secret only where it lies, while it does', async () => {
  const said = { path: await aWebhook() };
  const rotate = (key: string) => call('rotateWebhookSecret', said, keyed(key));
  const { body } = await rotate('secret');
  expect(body).toEqual({ secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) });
  const texts = (await scanAll(world)).flatMap(({ pk, content }) =>
    pk.startsWith('REPEAT#') && content !== undefined
      ? [gunzipSync(Buffer.from(String(content), 'base64')).toString()]
      : [],
  );
  expect(texts.filter((text) => text.includes('whsec_'))).toEqual([]);
  expect(texts.filter((text) => text.includes(`/${said.path.webhook}#`))).toHaveLength(1);
  expect(await rotate('secret')).toMatchObject({ statusCode: 200, body });
  const later = [await rotate('next'), await rotate('after'), await rotate('secret')];
  expect(later.map(({ statusCode }) => statusCode)).toEqual([200, 200, 409]);
});

describe('a key', () => {
  const said = { path: { team: 'core' }, body: { name: 'Keyed', slug: 'keyed' } };

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(256)],
    ['of other letters', 'schlüssel'],
  ])('that is %s is refused, and nothing is written', async (_, key) => {
    const before = await rows();
    expect(await call('createProject', said, keyed(key))).toMatchObject({
      statusCode: 400,
      body: { detail: 'The header Idempotency-Key has to be 1 to 255 printable characters.' },
    });
    expect(await changedSince(before)).toEqual([]);
  });

  it('is found by its own token in its own organization, and by no other', async () => {
    const first = await call('createProject', said, keyed('whose'));
    expect(first.statusCode).toBe(201);
    const other = { ...aliceAtAcme, tokenId: 'another-token' };
    const taken = await call('createProject', said, { ...keyed('whose'), authorizer: other });
    expect(taken).toMatchObject({ statusCode: 409 });
    expect(taken.headers).not.toHaveProperty(REPLAYED);
  });

  it('of a token that may no longer write is refused before it is looked up', async () => {
    await call('updateOwnership', { body: { raw: '*.ts #core' } }, keyed('scoped'));
    const authorizer = { ...aliceAtAcme, scopes: 'org:read' };
    const body = { raw: '*.ts #core' };
    const refused = await call('updateOwnership', { body }, { ...keyed('scoped'), authorizer });
    expect(refused.statusCode).toBe(403);
    const stranger = { ...aliceAtAcme, organizations: '[{"id":"2","slug":"globex"}]' };
    const gone = await call('updateIssue', writes.updateIssue() as Said, {
      ...keyed('updateIssue'),
      authorizer: stranger,
    });
    expect(gone.statusCode).toBe(404);
  });

  it('of a refusal keeps the refusal, but not one that time may mend', async () => {
    const missing = { path: { project: 'not-yet' }, body: { name: 'x' } };
    expect((await call('updateProject', missing, keyed('early'))).statusCode).toBe(404);
    const taken = { path: { team: 'core' }, body: { name: 'Shop', slug: 'shop' } };
    expect((await call('createProject', taken, keyed('taken'))).statusCode).toBe(409);
    await aProject('not-yet');
    expect(await call('updateProject', missing, keyed('early'))).toMatchObject({
      statusCode: 404,
      headers: { [REPLAYED]: 'true' },
    });
    expect((await call('createProject', taken, keyed('taken'))).headers).not.toHaveProperty(
      REPLAYED,
    );
  });

  it('of a body that is no JSON keeps that refusal as well', async () => {
    const broken = { ...keyed('broken'), body: '{' };
    const said = { path: { issue: '7010' } };
    expect((await call('updateIssue', said, broken)).statusCode).toBe(400);
    expect(await call('updateIssue', said, broken)).toMatchObject({
      statusCode: 400,
      headers: { [REPLAYED]: 'true' },
    });
  });

  it('of a change that others forestalled runs again once it fits', async () => {
    const said = { path: { issue: '7011' }, body: { status: 'resolved' } };
    const headers = { 'Idempotency-Key': 'stale', 'If-Match': '"old"' };
    expect((await call('updateIssue', said, { headers })).statusCode).toBe(412);
    const fitting = { ...headers, 'If-Match': '*' };
    expect((await call('updateIssue', said, { headers: fitting })).statusCode).toBe(200);
    expect(await call('updateIssue', said, { headers })).toMatchObject({
      statusCode: 200,
      headers: { [REPLAYED]: 'true', ETag: expect.any(String) },
    });
  });
});
