import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionSpec } from '../../infra/function-spec.ts';
import { FUNCTION_NAMES, FUNCTIONS } from '../../infra/functions.ts';
import { MAX_JSON_DEPTH } from '../../shared/domain/json.ts';
import { ENV } from '../../shared/env.ts';
import { NOW } from '../support/builders.ts';
import { startRecordingSqs } from '../support/doubles/recording-sqs.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { type TestWorld, worldOnFreshTable } from '../support/world.ts';

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** The functions that take messages from a queue. */
type ConsumerName = {
  [N in keyof typeof FUNCTIONS]: (typeof FUNCTIONS)[N]['trigger']['kind'] extends
    | 'bus'
    | 'fifo'
    | 'queue'
    ? N
    : never;
}[keyof typeof FUNCTIONS];

let world: TestWorld;
/** The client goes to the host of a queue's address, whatever its endpoint. */
const urlOf = (queue: string) => `${sqs.url}/000000000000/${queue}`;
let sqs: Awaited<ReturnType<typeof startRecordingSqs>>;
/** What wakes whoever sends webhooks is no dead letter. */
let wake: string;
const handlers = new Map<string, Handler>();

const consumers = FUNCTION_NAMES.flatMap((name) => {
  const { trigger }: FunctionSpec = FUNCTIONS[name];
  return ['bus', 'fifo', 'queue'].includes(trigger.kind) ? [name] : [];
});

beforeAll(async () => {
  world = await worldOnFreshTable({
    integrations: [
      {
        ...{ id: '501', organization: 'acme', provider: 'github', name: 'GitHub', config: {} },
        ...{ baseUrl: 'https://api.github.com', secretRef: 'none' },
      },
    ],
    links: [{ group: '101', integration: '501', key: 'acme/a#1' }],
  });
  enterFunctionEnvironment(world);
  sqs = await startRecordingSqs();
  wake = urlOf('wake');
  Object.assign(process.env, {
    [ENV.queue]: urlOf('work'),
    [ENV.deadLetterQueue]: urlOf('dead'),
    [ENV.outboundQueue]: urlOf('outbound.fifo'),
    [ENV.inboundQueue]: urlOf('inbound.fifo'),
    [ENV.webhookQueue]: wake,
    [ENV.syncBackoff]: 'quick',
    [ENV.operationWrites]: '500',
    [ENV.operationWorkers]: '10',
  });
  for (const name of consumers) {
    handlers.set(name, (await import(`../../functions/${name}/handler.ts`)).handler);
  }
});

afterAll(() => sqs?.stop());

const detail = (data: object, about: object = {}) => ({
  eventId: 'event-1',
  aggregateId: 'group:101',
  version: 1,
  occurredAt: NOW,
  requestId: 'request-1',
  organizationId: '1',
  ...about,
  data,
});
const bus = (type: string, data: object, about: object = {}) => ({
  source: 'baton',
  'detail-type': type,
  detail: detail(data, about),
});
const group = { projectId: '31', groupId: '101' };
const nobody = { previous: null, source: null };

/** A message that each consumer can work on; a new consumer does not compile without one. */
const good: Readonly<Record<ConsumerName, object>> = {
  'cache-repeat': bus('issue.unassigned', nobody, group),
  'webhook-delivery': { organizationId: '1', webhookId: '1' },
  'webhook-fanout': bus(
    'webhook.disabled',
    { webhookId: '1', reason: null },
    { organizationId: '1' },
  ),
  'project-cascade': bus('issue.deletion_requested', {}, { projectId: '31', groupId: '999' }),
  'team-cascade': bus('team.deleted', {
    ...{ teamId: '29', slug: 'ops', name: 'Ops', dateCreated: NOW },
  }),
  'membership-followup': bus('team.member_left', { teamId: '21', userId: '12' }),
  'holder-review': bus('member.left', { userId: '12' }),
  'operation-worker': bus('operation.work_requested', { operationId: '404', fencingToken: 0 }),
  'sync-fanout': bus('issue.unassigned', nobody, group),
  'group-seen': {
    source: 'baton.events',
    'detail-type': 'group.seen',
    detail: { eventId: 'seen-1', organization: 'acme', project: 'shop', groupId: '102' },
  },
  'sync-outbound': {
    ...{ groupId: '102', linkId: '7', verify: false, onDrift: 'adopt', requestId: 'request-1' },
  },
  'sync-inbound': {
    integrationId: '502',
    requestId: 'request-1',
    snapshot: {
      ...{ deliveryId: 'd', externalKey: 'acme/b#1', stableId: null, assignees: [], status: null },
      ...{ mark: { atMs: 1, rev: null }, actor: null, incomplete: false },
    },
  },
};

const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const envelope = { source: 'baton', 'detail-type': 'issue.unassigned' };
const bad: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['no JSON', 'hello'],
  ['half of JSON', '{"detail":'],
  ['the JSON null', 'null'],
  ['a number', '7'],
  ['a text', '"detail"'],
  ['a list', '[{}]'],
  ['an empty object', '{}'],
  ['JSON that is too deep', deep(MAX_JSON_DEPTH + 1)],
  ['JSON without a bottom', deep(100_000)],
  ['lists without a bottom', '['.repeat(100_000)],
  ['an envelope without detail', JSON.stringify(envelope)],
  ['an envelope whose detail is null', JSON.stringify({ ...envelope, detail: null })],
  ['an envelope whose detail is a list', JSON.stringify({ ...envelope, detail: [] })],
  ['an envelope without data', JSON.stringify({ ...envelope, detail: { eventId: 'e' } })],
  ['a type that nobody knows', JSON.stringify(bus('issue.archived_for_fun', {}, group))],
  ['a type of JavaScript’s own', JSON.stringify(bus('constructor', {}, group))],
  ['another source', JSON.stringify({ ...bus('issue.merged', {}, group), source: 'somebody' })],
  ['data of another kind', JSON.stringify(bus('issue.merged', { children: 7 }, group))],
];

const record = (messageId: string, body: string) => ({
  messageId,
  receiptHandle: `receipt of ${messageId}`,
  body,
  attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'the same' },
});

async function consume(name: string, bodies: readonly string[]): Promise<string[]> {
  const event = { Records: bodies.map((body, index) => record(`m${index}`, body)) };
  const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 120_000 };
  const handler = handlers.get(name) ?? expect.fail(`There is no handler of ${name}.`);
  const answer = await handler(event as unknown as SQSEvent, context as Context);
  return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

describe.each(consumers)('%s', (name) => {
  const message = JSON.stringify(good[name as ConsumerName]);

  it('works on what it can read', async () => {
    expect(await consume(name, [message])).toEqual([]);
  });

  // One batch for all of them: the cascades look twice, with two seconds in between.
  describe('of a batch with everything that can never be read', () => {
    let failed: readonly string[];
    let buried: readonly unknown[][];

    beforeAll(async () => {
      sqs.take();
      const bodies = bad.map(([, body]) => body);
      failed = await consume(name, [...bodies, message, ...bodies]);
      buried = sqs
        .take()
        .filter(({ operation, input }) => operation === 'SendMessage' && input.QueueUrl !== wake)
        .map(({ input }) => [input.QueueUrl, input.MessageBody]);
    });

    it('works on what it can read', () => expect(failed).toEqual([]));

    it.each(bad)('puts %s with the dead letters', (_, body) => {
      const sent = buried.filter(([, text]) => text === body);
      expect(sent).toEqual([body, body].map((text) => [urlOf('dead'), text]));
    });

    it('puts nothing else there', () => expect(buried).toHaveLength(2 * bad.length));
  });
});

describe('what lies beside a message that can never be read', () => {
  const seen = (eventId: string, groupId: string) =>
    JSON.stringify({
      ...good['group-seen'],
      detail: { eventId, organization: 'acme', project: 'shop', groupId },
    });

  it('is counted, event by event', async () => {
    const before = (await world.stores.groups.byId('101'))?.group.timesSeen ?? 0;
    const bodies = [
      seen('beside-1', '101'),
      ...bad.map(([, body]) => body),
      seen('beside-2', '101'),
    ];
    expect(await consume('group-seen', bodies)).toEqual([]);
    const after = (await world.stores.groups.byId('101'))?.group.timesSeen;
    expect(after).toBe(before + 2);
  });

  it('is sent on to the FIFO queues', async () => {
    sqs.take();
    await consume('sync-fanout', ['null', JSON.stringify(good['sync-fanout']), '{']);
    const sent = sqs.take().filter(({ operation }) => operation === 'SendMessageBatch');
    expect(sent).toHaveLength(1);
  });
});
