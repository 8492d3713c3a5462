import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { ANSWER_OF } from '../../../infra/api-document/answer-of.ts';
import type { Operation } from '../../../shared/domain/bulk/operation.ts';
import type { Plan } from '../../../shared/domain/bulk/plan.ts';
import type { Assignee } from '../../../shared/domain/issues/assignee.ts';
import { afterAttempt, newDelivery } from '../../../shared/domain/webhooks/attempts.ts';
import { ENV } from '../../../shared/env.ts';
import type { ApiHandler } from '../../../shared/http/api.ts';
import { ROUTES, type Route, type Operation as RouteName } from '../../../shared/http/routes.ts';
import { requestSweep } from '../../../shared/operations/bulk/accept-operation.ts';
import { workOnOperation } from '../../../shared/operations/bulk/work-on-operation.ts';
import { assign } from '../../../shared/operations/issues/assign.ts';
import { reviewHolders } from '../../../shared/operations/ownership/holders/review-holders.ts';
import { firstClientKey } from '../../../shared/stores/projects/client-keys.ts';
import { aliceAtAcme, send } from '../../http/gateway-event.ts';
import { planned } from '../../operations/bulk/plans/plans.ts';
import { patient, resultOf, workerDeps } from '../../operations/bulk/workers.ts';
import { NOW, project } from '../../support/builders.ts';
import { enterFunctionEnvironment } from '../../support/function-environment.ts';
import { assignedTo, surroundings, withStoredRules } from '../../support/operations.ts';
import { eventIn, groupOf, ownersDeps, record, seen } from '../../support/owners.ts';
import { webhookEndpoint } from '../../support/webhooks/builders.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';
import { requiredKeysIn, requiredKeysOf, without } from './required-keys.ts';

/**
 * What the functions answer holds every key that its schema requires, of the kind that it says, and
 * no other. The reads are those of the route table; the writes are held against their schemas where
 * each of them is sent (`repeated-writes.test.ts`).
 */

const routes: readonly Route[] = ROUTES;
const handlers = new Map<string, ApiHandler>();
let world: TestWorld;
/** An issue that an event has begun. */
let seenIssue: string;
/** An operation that is done. */
let sweep: Operation;
/** A plan that can be applied. */
let plan: Plan;

type Asked = {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly body?: unknown;
  readonly authorizer?: Readonly<Record<string, string>>;
};

beforeAll(async () => {
  world = await worldOnFreshTable({
    organizations: smallWorld.organizations.map((one) => ({ ...one, projectDeletionDelay: 3600 })),
    projects: smallWorld.projects.map((one) => ({ ...one, platform: 'python' })),
    assignments: [
      { group: '101', assignedTo: 'user:12' },
      { group: '102', assignedTo: 'team:21' },
    ],
    subscriptions: [
      { group: '101', user: '11', reason: 'comment', isActive: true },
      { group: '101', team: '21', reason: 'assigned', isActive: true },
    ],
    seen: [{ group: '101', user: '11' }],
    owners: [{ group: '101', type: 'ownershipRule', owner: 'team:21', rule: 'path:* #core' }],
    ownership: [{ project: '31', raw: 'path:* #core bob@acme.io\npath:x #nobody' }],
    codeowners: [{ project: '31', raw: '*.py @nobody bob@acme.io' }],
    integrations: [
      {
        id: '501',
        organization: 'acme',
        provider: 'github',
        name: 'GitHub',
        baseUrl: 'https://api.github.com',
        secretRef: 'local/github-501',
        config: {},
      },
    ],
    externalActors: [
      { integration: '501', user: '12', externalId: 'bob-id', externalName: '@bob' },
      { integration: '501', team: '21', externalId: 'core-id', externalName: '@acme/core' },
    ],
    links: [{ group: '101', integration: '501', key: 'acme/shop#1' }],
  });
  enterFunctionEnvironment(world);
  process.env[ENV.rateLimits] = 'off';
  for (const name of new Set(routes.map((route) => route.function))) {
    if (name !== 'webhook') {
      const module = await import(`../../../functions/${name}/handler.ts`);
      handlers.set(name, module.handler as ApiHandler);
    }
  }
  await world.stores.webhookEndpoints.insert(
    webhookEndpoint({ id: '701', organizationId: '1', url: 'https://hooks.acme.example/' }),
    null,
  );
  const sent = { id: `${Date.now()}-told`, eventId: 'told', type: 'issue.assigned', body: '{}' };
  const answer = { code: 500, error: null, ms: 3, response: 'no', retryAfterMs: null };
  const { body: _, ...tried } = newDelivery(sent, NOW);
  await world.stores.webhookDeliveries.insert(
    '701',
    {
      ...afterAttempt(tried, answer, { at: NOW, schedule: [1_000], random: 0 }),
      body: sent.body,
    },
    { wasChanged: false },
  );
  await ask('createIssueNote', { path: { issue: '101' }, body: { text: 'Seen on staging.' } });
  await ask('addMember', { body: { email: 'new@acme.io' } });
  await ask('updateOwnership', {
    body: { fallthrough: false, tests: [{ name: 'nothing', event: {}, expect: null }] },
  });
  await ask('updateProjectKey', {
    path: { key: firstClientKey(project({ id: '31' })).id },
    body: { rateLimit: { count: 100, window: 60 } },
  });
  await ask('deleteProject', { path: { project: 'site' } });
});

function ask(operation: RouteName, { path, query, body, authorizer }: Asked) {
  const route = routes.find((one) => one.operation === operation);
  const handler = route && handlers.get(route.function);
  if (route === undefined || handler === undefined) {
    throw new Error(`Nothing answers ${operation}.`);
  }
  return send(handler, {
    method: route.method,
    resource: route.path.slice(0, -1),
    path: { org: 'acme', project: 'shop', issue: '101', ...path },
    ...(query === undefined ? {} : { query }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(authorizer === undefined ? {} : { authorizer }),
  });
}

const allIssues = { query: { query: [''], expand: ['owners'] } };
const event = {
  exception: { values: [{ stacktrace: { frames: [{ filename: 'a.py', in_app: true }] } }] },
};

const ofTracker = ['link', 'create'].map((action) => ({
  path: { integration: '501' },
  query: { action: [action] },
}));

type Read = Extract<(typeof ROUTES)[number], { readonly method: 'GET' }>['operation'];

/** The requests of each read, and of the write that writes nothing. */
const reads: Readonly<Record<Read | 'evaluateOwnership', () => readonly Asked[]>> = {
  getIndex: () => [{}, { authorizer: { ...aliceAtAcme, userId: '' } }],
  getAuth: () => [{}],
  listRegions: () => [{}],

  listProjectIssues: () => [
    allIssues,
    {},
    { query: { id: ['101'], collapse: ['stats', 'lifetime', 'filtered', 'unhandled'] } },
    ...['24h', '14d', 'auto', '', 'x'].map((period) => ({ query: { groupStatsPeriod: [period] } })),
  ],
  listOrganizationIssues: () => [allIssues, {}],
  getIssue: () => ['101', '102', seenIssue].map((issue) => ({ path: { issue } })),
  getOrganizationIssue: () => [{}, { path: { issue: seenIssue } }],
  resolveShortId: () => [{ path: { shortId: 'SHOP-1' } }],
  listIssueActivities: () => [{}],
  listIssueNotes: () => [{}],
  listOrganizationIssueNotes: () => [{}],
  getLatestEvent: () => [{}, { path: { issue: seenIssue } }],
  listIssueEvents: () => [{}],
  listOrganizationIssueEvents: () => [{}],
  listIssueHashes: () => [{ path: { issue: seenIssue } }],
  listOrganizationIssueHashes: () => [{ path: { issue: seenIssue } }],
  listIssueTags: () => [{ path: { issue: seenIssue } }],
  listOrganizationIssueTags: () => [{ path: { issue: seenIssue } }],
  getIssueTag: () => [{ path: { issue: seenIssue, tag: 'environment' } }],
  getOrganizationIssueTag: () => [{ path: { issue: seenIssue, tag: 'environment' } }],
  listIssueTagValues: () => [{ path: { issue: seenIssue, tag: 'environment' } }],
  listOrganizationIssueTagValues: () => [{ path: { issue: seenIssue, tag: 'environment' } }],

  listOrganizations: () => [{}, { authorizer: { ...aliceAtAcme, userId: '' } }],
  getOrganization: () => [{}, { authorizer: { ...aliceAtAcme, userId: '' } }],
  listRepositories: () => [{}],
  listOrganizationMembers: () => [{}],
  listOrganizationUsers: () => [{}],
  listProjectMembers: () => [{}],
  listTeamMembers: () => [{ path: { team: 'core' } }],
  getMember: () => [{ path: { member: '12' } }, { path: { member: 'me' } }],

  listOrganizationTeams: () => [{}],
  listProjectTeams: () => [{}],
  getTeam: () => [{ path: { team: 'core' } }],

  listProjects: () => [{}],
  listOrganizationProjects: () => [{}],
  listTeamProjects: () => [{ path: { team: 'core' } }],
  getProject: () => [{}],
  getDeletion: () => [{ path: { project: '32' } }],
  getNotificationSettings: () => [{}],
  listProjectKeys: () => [{}],
  getProjectKey: () => [{ path: { key: firstClientKey(project({ id: '31' })).id } }],

  getOwnership: () => [{}],
  listOwnershipVersions: () => [{}],
  getOwnershipVersion: () => [{ path: { version: '1' }, query: { against: ['0'] } }],
  evaluateOwnership: () => [{ body: { event } }],
  explainOwnership: () => [{}, { path: { issue: seenIssue } }],
  listCodeowners: () => [{}],
  getCodeowners: () => [{ path: { id: '1' } }],

  listIntegrations: () => [{}],
  getIntegration: () => [{ path: { integration: '501' } }],
  listExternalIssues: () => [{}],
  listIssueIntegrations: () => [{}],
  listOrganizationIssueIntegrations: () => [{}],
  getIssueIntegration: () => ofTracker,
  getOrganizationIssueIntegration: () => ofTracker,
  listOrphanedAssignments: () => [{}],
  getMemberImpact: () => [{ path: { member: '12' } }],
  getTeamImpact: () => [{ path: { team: 'core' } }],
  listOperations: () => [{}],
  getOperation: () => [{ path: { operation: sweep.id } }],
  listOperationIssues: () => [{ path: { operation: sweep.id } }],
  listPlans: () => [{}],
  getPlan: () => [{ path: { plan: plan.id } }],
  listPlanIssues: () => [{ path: { plan: plan.id } }],
  listExternalUsers: () => [{}],
  listExternalTeams: () => [{}],

  listWebhooks: () => [{}],
  getWebhook: () => [{ path: { webhook: '701' } }],
  listWebhookDeliveries: () => [{ path: { webhook: '701' } }],
};

const schemaOf = (operation: RouteName) => ANSWER_OF[operation][200] ?? v.never();

/** What is wrong with a body, key by key. */
function problemsIn(schema: v.GenericSchema, body: unknown): string[] {
  const { issues = [] } = v.safeParse(schema, body);
  return issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`);
}

/** The schema and key of every required key that some answer gave to see. */
const shown = new Map<v.GenericSchema, Set<string>>();

/** What needs a tracker that answers to be seen. */
const NOT_SHOWN = [
  'listExternalIssues 0.assignee.externalId',
  'listExternalIssues 0.assignee.externalName',
];

const operations = Object.keys(reads) as (keyof typeof reads)[];

describe('the answer of', () => {
  it('an issue that an event has begun is there to be asked for', async () => {
    const prod = { ...eventIn('app/cart.py'), environment: 'prod' };
    await record(ownersDeps(world.stores), seen({ event: prod }));
    seenIssue = (await groupOf(world.stores, '31')).group.id;
    expect(seenIssue).toMatch(/^\d+$/);
  });

  it('an issue is there whose holder may not hold it', async () => {
    const deps = withStoredRules({ ...world.stores, ...surroundings() });
    const organization = (await deps.organizations.byId('1')) ?? expect.fail('acme is gone.');
    // Erin is in no team.
    const erin = { actor: { type: 'user', id: '15' }, email: null, name: 'Erin', members: [] };
    const initiator = { actingUserId: '11', requestId: 'r1' };
    const input = { groupId: '102', organization, assignee: erin as Assignee, initiator };
    expect(await assign(deps, input)).toMatchObject({ kind: 'committed' });
    const review = { organization, requestId: 'r1', leftProjectId: null };
    expect(await reviewHolders(deps, review, ['102'])).toEqual(new Map([['102', 'applied']]));
  });

  it('an operation is there that has ended', async () => {
    const initiator = { actingUserId: '11', requestId: 'r1' };
    const deps = { ...world.stores, ...surroundings() };
    await ask('updateOrganization', { body: { orphanPolicy: 'unassign' } });
    sweep = await requestSweep(deps, { organizationId: '1', dryRun: true, initiator });
    const work = { operationId: sweep.id, fencingToken: 0, requestId: 'r1' };
    await workOnOperation(workerDeps(world.stores), { ...work, ...patient });
    await ask('updateOrganization', { body: { orphanPolicy: 'keep' } });
    expect((await resultOf(world, sweep.id)).operation.state).toBe('done');
  });

  it('a plan is there', async () => {
    plan = await planned(world, ['101', '102'], {
      update: { ...assignedTo('user:12'), ownerTeam: { kind: 'nobody' } },
    });
    expect(plan.state).toBe('ready');
  });

  it('is known of every read of the route table', () => {
    const all = routes.filter(({ method }) => method === 'GET').map(({ operation }) => operation);
    expect(operations.filter((one) => one !== 'evaluateOwnership').sort()).toEqual(all.sort());
  });

  it.each(operations)(
    '%s is of its schema, which refuses it without any required key',
    async (operation) => {
      const schema = schemaOf(operation);
      for (const asked of reads[operation]()) {
        const { statusCode, body } = await ask(operation, asked);
        expect({ statusCode, problems: problemsIn(schema, body) }, JSON.stringify(asked)).toEqual({
          statusCode: 200,
          problems: [],
        });
        const keys = requiredKeysIn(schema, body, []);
        for (const { of, key } of keys) {
          shown.set(of, (shown.get(of) ?? new Set()).add(key));
        }
        const unnoticed = keys.filter(({ path }) => v.is(schema, without(body, path)));
        expect(unnoticed.map(({ path }) => path.join('.'))).toEqual([]);
      }
    },
  );

  it('these reads shows every required key', () => {
    const unseen = operations.flatMap((operation) =>
      requiredKeysOf(schemaOf(operation))
        .filter(({ of, key }) => !shown.get(of)?.has(key))
        .map(({ path }) => `${operation} ${path.join('.')}`),
    );
    expect(unseen).toEqual(NOT_SHOWN);
  });
});

/** Bodies of bulk updates that have every field between them, in their order on one issue. */
const updates: readonly (readonly [body: Record<string, unknown>, answered: object])[] = [
  [
    { status: 'resolved', snoozeDuration: null },
    { status: 'resolved', inbox: null },
  ],
  [{ status: 'unresolved' }, { status: 'unresolved', statusDetails: {} }],
  [
    { status: 'resolved', statusDetails: { inRelease: '1.2.3' } },
    {
      statusDetails: { inRelease: '1.2.3' },
      activity: [
        { type: 'set_resolved_in_release', user: { id: '11' }, data: { version: '1.2.3' } },
      ],
    },
  ],
  [
    { status: 'resolved', statusDetails: { inRelease: '1.2.4' } },
    { statusDetails: { inRelease: '1.2.3' }, activity: [] },
  ],
  [{ status: 'unresolved', substatus: 'escalating' }, { substatus: 'escalating' }],
  [
    { status: 'resolvedInNextRelease' },
    { statusDetails: { inNextRelease: true }, activity: [{ type: 'set_resolved_in_release' }] },
  ],
  [{ status: 'unresolved' }, {}],
  [
    { status: 'resolved', statusDetails: { inUpcomingRelease: true } },
    { statusDetails: { inUpcomingRelease: true } },
  ],
  [{ substatus: 'archived_forever' }, { substatus: 'archived_forever', inbox: null }],
  [
    { status: 'ignored', ignoreCount: 3, ignoreWindow: 5, ignoreUserCount: 2, ignoreUserWindow: 9 },
    { statusDetails: { ignoreCount: 3, ignoreUserCount: 2 } },
  ],
  [{ status: 'muted', ignoreDuration: 30 }, { status: 'ignored' }],
  [{ assignedTo: 'user:12', assignedBy: 'x' }, { assignedTo: { type: 'user', id: '12' } }],
  [{ assignedTo: 'team:core' }, { assignedTo: { type: 'team', id: '21', name: 'core' } }],
  [{ assignedTo: '' }, { assignedTo: null }],
  [
    { priority: 'high', hasSeen: '1', isBookmarked: 1 },
    { priority: 'high', hasSeen: true },
  ],
  [{ isSubscribed: 'false' }, { isSubscribed: false, subscriptionDetails: { reason: 'unknown' } }],
  [{ isPublic: true }, { isPublic: true, shareId: expect.any(String) }],
  [
    { isPublic: false, inbox: false },
    { isPublic: false, shareId: null, inbox: false },
  ],
  [{}, {}],
];

describe('the answer of a bulk update', () => {
  it.each(updates)('with %j is of its schema', async (body, answered) => {
    const query = { id: ['102'] };
    const answer = await ask('updateOrganizationIssues', { query, body });
    expect(answer).toMatchObject({ statusCode: 200, body: answered });
    const schema = ANSWER_OF.updateOrganizationIssues[200] ?? v.never();
    expect(problemsIn(schema, answer.body)).toEqual([]);
    const issue = await ask('getIssue', { path: { issue: '102' } });
    expect(problemsIn(schemaOf('getIssue'), issue.body)).toEqual([]);
  });

  it('that merges names the parent and the children', async () => {
    const query = { id: ['101', '102'] };
    const answer = await ask('updateOrganizationIssues', { query, body: { merge: true } });
    expect(answer.body).toEqual({ merge: { parent: '102', children: ['101'] } });
    const schema = ANSWER_OF.updateOrganizationIssues[200] ?? v.never();
    expect(problemsIn(schema, answer.body)).toEqual([]);
  });
});
