import type { Context, SQSEvent, SQSHandler } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FunctionSpec } from '../../infra/function-spec.ts';
import { FUNCTIONS, type FunctionName } from '../../infra/functions.ts';
import { LONGEST_ENTRY_LIFE_SECONDS } from '../../shared/domain/ownership/freshness.ts';
import { ENV } from '../../shared/env.ts';
import type { ApiHandler } from '../../shared/http/api.ts';
import { type Operation, ROUTES } from '../../shared/http/routes.ts';
import { firstClientKey } from '../../shared/stores/projects/client-keys.ts';
import { type GatewayRequest, send } from '../http/gateway-event.ts';
import { project } from '../support/builders.ts';
import { recordedEvents } from '../support/consistency.ts';
import { type SwallowingProxy, startSwallowingProxy } from '../support/doubles/swallowing-proxy.ts';
import { cacheUrl } from '../support/engines.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { type TestWorld, worldOnFreshTable } from '../support/world.ts';

/**
 * What every function that uses the cache does without one: `docs/cache.md` tells it, and here each
 * route of the route table and each event of the catalog is walked with a cache that hangs, and
 * with one that is down.
 */

const specOf = (name: string): FunctionSpec => FUNCTIONS[name as FunctionName];
const usesCache = (name: string) => specOf(name).uses.includes('cache');

/** The operations that make ids. Ids come from the cache alone. */
const makesIds: readonly Operation[] = ['createProject', 'createTeam'];

/**
 * The functions that change what the cache holds: their writes are done, and what they leave stale
 * is deleted later.
 */
const invalidates: readonly string[] = ['group-update', 'ownership', 'project-save'];

const github = {
  id: '501',
  organization: 'acme',
  provider: 'github',
  name: 'acme/web',
  baseUrl: 'https://api.github.com/repos/acme/web',
  secretRef: 'local/github-501',
  config: {},
} as const;

const firstKey = firstClientKey(project({ id: '31' })).id;

type Example = Pick<GatewayRequest, 'query'> & {
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

const parameters = {
  org: 'acme',
  project: 'shop',
  team: 'core',
  issue: '101',
  member: '13',
  shortId: 'SHOP-1',
};

/**
 * A request to each route that writes, which would be done if the cache were there. Reads need
 * none.
 */
const examples: Partial<Record<Operation, Example>> = {
  updateProjectIssues: { query: { id: ['101', '102'] }, body: { assignedTo: 'user:11' } },
  updateOrganizationIssues: { query: { id: ['101'] }, body: { assignedTo: '' } },
  updateOrganizationIssue: { body: { assignedTo: 'user:12' } },
  updateIssue: { body: { assignedTo: '' } },
  createIssueNote: { body: { text: 'a', mentions: ['user:11', 'team:21'] } },
  createOrganizationIssueNote: { body: { text: 'b' } },
  updateIssueNote: { body: { text: 'c' } },
  updateOrganizationIssueNote: { body: { text: 'c' } },
  deleteIssueNote: {},
  deleteOrganizationIssueNote: {},
  updateOwnership: { body: { raw: 'path:src/* alice@acme.io' } },
  restoreOwnershipVersion: { path: { version: '0' }, body: {} },
  previewOwnership: { body: { raw: 'path:src/* alice@acme.io' } },
  evaluateOwnership: { body: { event: { platform: 'python' } } },
  createCodeowners: { body: { raw: '*.py @acme/core' } },
  updateCodeowners: { body: { raw: '*.ts @acme/core' } },
  createProject: { body: { name: 'Parcels' } },
  updateProject: { body: { name: 'Shop 2', copy_from_project: '32' } },
  updateNotificationSettings: { body: { alerts: 'always' } },
  createProjectKey: { body: { name: 'Second' } },
  updateProjectKey: { path: { key: firstKey }, body: { isActive: false } },
  deleteProjectKey: { path: { key: firstKey } },
  updateOrganization: { body: { openMembership: true } },
  createTeam: { body: { name: 'Parcels' } },
  updateTeam: { body: { name: 'Core', slug: 'heart' } },
  updateMember: { body: { orgRole: 'admin', teamRoles: [] } },
  updateTeamMember: { path: { member: '11', team: 'web' }, body: { teamRole: 'contributor' } },
  joinTeam: { path: { member: '11', team: 'web' } },
  leaveTeam: { path: { member: '11', team: 'web' } },
  addProjectTeam: { path: { team: 'web' } },
  removeProjectTeam: { path: { team: 'web' } },
  addMember: { body: { email: 'frank@acme.io', orgRole: 'member' } },
  createExternalUser: { body: { integrationId: '501', userId: '11', externalName: '@alice' } },
  updateExternalUser: { body: { externalName: '@robert' } },
  deleteExternalUser: {},
  createExternalTeam: { body: { integration_id: '501', team_id: '21', external_name: '@acme/x' } },
  updateExternalTeam: { body: { external_name: '@acme/heart' } },
  deleteExternalTeam: {},
  deleteCodeowners: {},
  deleteMember: {},
  deleteTeam: { path: { team: 'web' } },
  deleteIssue: { path: { issue: '101' } },
  deleteOrganizationIssue: { path: { issue: '102' } },
  deleteProjectIssues: { path: { project: 'site' }, query: { id: ['201'] } },
  deleteOrganizationIssues: { query: { id: ['201'] } },
};

const methods = ['GET', 'POST', 'PUT', 'DELETE'];
const walked = ROUTES.filter((route) => usesCache(route.function)).sort(
  (a, b) => methods.indexOf(a.method) - methods.indexOf(b.method),
);

it('has an example for each route that writes and uses the cache', () => {
  expect(walked.length).toBeGreaterThan(20);
  const writing = walked.filter(({ method }) => method !== 'GET').map(({ operation }) => operation);
  expect(writing.filter((operation) => examples[operation] === undefined)).toEqual([]);
});

/** How long a message of a consumer's queue comes again before it is given up. */
function patienceSeconds({ timeoutSeconds, trigger }: FunctionSpec): number {
  return trigger.kind === 'bus' ? 6 * timeoutSeconds * (trigger.maxReceiveCount ?? 5) : 0;
}

describe.each<['hangs' | 'is down']>([['hangs'], ['is down']])('with a cache that %s', (state) => {
  let world: TestWorld;
  let proxy: SwallowingProxy;

  beforeAll(async () => {
    const { hostname, port } = new URL(cacheUrl());
    proxy = await startSwallowingProxy({ host: hostname, port: Number(port) });
    world = await worldOnFreshTable({
      integrations: [github],
      ownership: [{ project: '31', raw: 'path:app/* #core' }],
      externalActors: [
        { integration: '501', user: '12', externalId: '7', externalName: '@bob' },
        { integration: '501', team: '21', externalId: '8', externalName: '@acme/core' },
      ],
    });
    enterFunctionEnvironment(world);
    Object.assign(process.env, {
      [ENV.cacheHost]: proxy.host,
      [ENV.cachePort]: String(proxy.port),
    });
    // A process that knows the cache well, and then loses it.
    const read = await handlerOf<ApiHandler>('group-read');
    expect(
      (await send(read, { resource: '/0/issues/{issue}', path: { issue: '101' } })).statusCode,
    ).toBe(200);
    if (state === 'hangs') {
      proxy.hang();
    } else {
      await proxy.refuse();
    }
    return () => proxy.close();
  });

  async function handlerOf<Handler>(name: string): Promise<Handler> {
    const module = (await import(`../../functions/${name}/handler.ts`)) as { handler: Handler };
    return module.handler;
  }

  it.each(walked)('$method $path', async ({ method, path, operation, function: name }) => {
    const example = examples[operation] ?? {};
    const files = path.includes('codeowners/{id}')
      ? await world.stores.ownership.codeownersOf('31')
      : [];
    const accounts = path.includes('{external')
      ? await world.stores.externalActors.ofOrganization('1')
      : [];
    const notes = path.includes('{note}')
      ? (await world.stores.notes.ofGroup({ groupId: '101', limit: 1 })).activities
      : [];
    const idOf = (type: string) => accounts.find(({ actor }) => actor.type === type)?.id ?? '1';
    const handler = await handlerOf<ApiHandler>(name);
    const { statusCode, headers, body } = await send(handler, {
      method,
      resource: path.replace(/\/$/, ''),
      path: {
        ...parameters,
        id: files[0]?.id ?? '1',
        note: notes[0]?.id ?? '1',
        externalUser: idOf('user'),
        externalTeam: idOf('team'),
        ...example.path,
      },
      ...(example.query && { query: example.query }),
      body: example.body === undefined ? null : JSON.stringify(example.body),
    });
    if (makesIds.includes(operation)) {
      expect({ statusCode, body }).toEqual({
        statusCode: 503,
        body: { detail: 'No ID can be made at the moment. Please try again in a few seconds.' },
      });
      expect(headers?.['Retry-After']).toBe('3');
      return;
    }
    const isDone = method !== 'GET' && invalidates.includes(name);
    expect(statusCode, JSON.stringify(body)).toBeLessThan(isDone ? 300 : 500);
  });

  const consumers = Object.keys(FUNCTIONS).filter(
    (name) => usesCache(name) && specOf(name).trigger.kind === 'bus',
  );

  it.each(consumers)('%s gives up none of the events of these requests', async (name) => {
    const { trigger } = specOf(name);
    if (trigger.kind !== 'bus') {
      throw new Error('No consumer of the bus.');
    }
    const recorded = await recordedEvents(world.stores.table);
    const details =
      trigger.source === 'baton'
        ? recorded.filter(({ type }) => trigger.detailTypes.some((heard) => heard === type))
        : [
            { type: 'group.seen', detail: { ...seen, eventId: 'known', groupId: '102' } },
            { type: 'group.seen', detail: { ...seen, eventId: 'new', fingerprint: 'new' } },
          ];
    expect(details).not.toEqual([]);
    const handler =
      await handlerOf<(event: SQSEvent, context: Context) => ReturnType<SQSHandler>>(name);
    const answer = await handler(batchOf(trigger.source, details), context);
    // Whoever cannot do without the cache is asked again until nothing of what was cached is left.
    if (answer?.batchItemFailures.length) {
      expect(patienceSeconds(specOf(name))).toBeGreaterThan(2 * LONGEST_ENTRY_LIFE_SECONDS);
    }
  });

  it('counts the events of issues that are there, and lets those wait that begin one', async () => {
    const handler =
      await handlerOf<(event: SQSEvent, context: Context) => ReturnType<SQSHandler>>('group-seen');
    const timesSeen = async () => (await world.stores.groups.byId('901'))?.group.timesSeen;
    const before = (await timesSeen()) ?? 0;
    const plant = { ...seen, organization: 'globex', project: 'plant' };
    const answer = await handler(
      batchOf('baton.events', [
        { type: 'group.seen', detail: { ...plant, eventId: 'one', groupId: '901' } },
        { type: 'group.seen', detail: { ...plant, eventId: 'two', fingerprint: 'unheard of' } },
      ]),
      context,
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
    expect(await timesSeen()).toBe(before + 1);
  });

  it('repeats deletions until all that was cached before has expired by itself', async () => {
    const handler =
      await handlerOf<(event: SQSEvent, context: Context) => ReturnType<SQSHandler>>(
        'cache-repeat',
      );
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
    const event = (occurredAt: string) => ({
      type: 'issue.unassigned',
      detail: {
        ...{ eventId: occurredAt, aggregateId: 'group:101', version: 1, occurredAt },
        ...{ requestId: 'request', organizationId: '1', projectId: '31', groupId: '101' },
        data: { previous: null, source: null },
      },
    });
    const answer = await handler(
      batchOf('baton', [event(hoursAgo(0)), event(hoursAgo(24)), event(hoursAgo(26))]),
      context,
    );
    expect(answer).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }, { itemIdentifier: 'message-1' }],
    });
  });
});

const seen = {
  organization: 'acme',
  project: 'shop',
  title: 'TypeError: cart',
  timestamp: new Date().toISOString(),
  event: { event_id: 'e', platform: 'python' },
};

const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 60_000 } as Context;

/** Events as a rule of the bus leaves them in a queue. */
function batchOf(source: string, events: readonly { type: string; detail: unknown }[]): SQSEvent {
  const records = events.map(({ type, detail }, index) => ({
    messageId: `message-${index}`,
    body: JSON.stringify({ 'detail-type': type, source, detail }),
  }));
  return { Records: records } as unknown as SQSEvent;
}
