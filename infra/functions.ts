import type { FunctionName as RouteFunction } from '../shared/http/routes.ts';
import { SUBSCRIPTIONS, type SubscriberName } from '../shared/messages/subscriptions.ts';
import type { FifoTrigger, FunctionSpec, QueueTrigger } from './function-spec.ts';

/** A function that consumes exactly the events in the product's table of subscriptions. */
type Subscriber<N extends SubscriberName> = FunctionSpec & {
  readonly trigger: { readonly source: 'baton'; readonly detailTypes: (typeof SUBSCRIPTIONS)[N] };
};

/** The gateway gives up after 29 seconds; a function must not continue after that. */
const REQUEST_TIMEOUT_SECONDS = 28;

/**
 * The maximum of SQS. Messages that need the cache are retried for days, so that an outage of hours
 * leaves no dead letters; the alarm on their age goes off long before.
 */
const MAX_RECEIVES = 1_000;

/** The read actions of most functions. */
const READS = ['BatchGetItem', 'GetItem', 'Query'] as const;
/** The write actions of changes of issues and their rows. */
const CHANGES = ['ConditionCheckItem', 'DeleteItem', 'PutItem', 'UpdateItem'] as const;

/** Every function of the stack, by the name of its folder below `functions/`. */
export const FUNCTIONS = {
  authorizer: {
    size: 'light',
    timeoutSeconds: 5,
    uses: [],
    table: ['BatchGetItem', 'GetItem'],
    trigger: { kind: 'authorizer' },
  },
  'group-update': {
    size: 'request',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: ['cache'],
    table: [...READS, 'Query gsi3', 'Query gsi4', ...CHANGES],
    trigger: { kind: 'routes' },
  },
  'group-read': {
    size: 'request',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: ['cache'],
    table: [...READS, 'Query gsi3', 'Query gsi4'],
    trigger: { kind: 'routes' },
  },
  'directory-read': {
    size: 'light',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: [],
    table: [...READS, 'Query gsi4'],
    trigger: { kind: 'routes' },
  },
  'project-save': {
    size: 'request',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: ['cache'],
    table: [...READS, ...CHANGES],
    trigger: { kind: 'routes' },
  },
  'project-delete': {
    size: 'light',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: [],
    table: [...READS, 'DeleteItem', 'PutItem', 'UpdateItem'],
    trigger: { kind: 'routes' },
  },
  'directory-write': {
    size: 'light',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: ['cache'],
    table: [...READS, 'Query gsi4', ...CHANGES],
    trigger: { kind: 'routes' },
  },
  'outbox-relay': {
    size: 'light',
    timeoutSeconds: 30,
    uses: ['bus'],
    table: ['BatchGetItem'],
    trigger: { kind: 'outbox' },
  },
  'cache-repeat': {
    size: 'light',
    timeoutSeconds: 30,
    uses: ['cache'],
    trigger: {
      kind: 'bus',
      source: 'baton',
      detailTypes: SUBSCRIPTIONS['cache-repeat'],
      batchSize: 10,
      maxReceiveCount: MAX_RECEIVES,
    },
  },
  'project-cascade': {
    size: 'worker',
    // Longer deletions continue in another invocation. The message of a worker that was killed
    // comes back after six times this.
    timeoutSeconds: 120,
    uses: ['cache'],
    table: [...READS, 'Query gsi3', ...CHANGES, 'BatchWriteItem'],
    trigger: {
      kind: 'bus',
      source: 'baton',
      detailTypes: SUBSCRIPTIONS['project-cascade'],
      batchSize: 5,
    },
  },
  'team-cascade': {
    size: 'worker',
    timeoutSeconds: 120,
    uses: [],
    table: [...READS, 'Query gsi3', 'DeleteItem', 'PutItem', 'UpdateItem', 'BatchWriteItem'],
    trigger: {
      kind: 'bus',
      source: 'baton',
      detailTypes: SUBSCRIPTIONS['team-cascade'],
      batchSize: 5,
    },
  },
  'due-deletions': {
    size: 'worker',
    timeoutSeconds: 55,
    uses: [],
    table: ['Query gsi2', 'PutItem', 'UpdateItem'],
    trigger: { kind: 'schedule', name: 'due-deletions', rate: 'rate(1 minute)' },
  },
  'membership-followup': {
    size: 'worker',
    timeoutSeconds: 120,
    uses: [],
    table: ['BatchGetItem', 'Query', 'Query gsi3', 'ConditionCheckItem', 'UpdateItem'],
    trigger: {
      kind: 'bus',
      source: 'baton',
      detailTypes: SUBSCRIPTIONS['membership-followup'],
      batchSize: 5,
    },
  },
  'holder-review': {
    size: 'worker',
    timeoutSeconds: 120,
    uses: [],
    table: [...READS, 'Query gsi2', 'Query gsi3', 'PutItem'],
    trigger: {
      kind: 'bus',
      source: 'baton',
      detailTypes: SUBSCRIPTIONS['holder-review'],
      // Of changes of a status those by which an issue becomes open; other events have none. Of
      // changed names those of a person: only these have both fields.
      detail: {
        data: {
          $or: [{ changed: [{ exists: false }] }, { userId: [{ exists: true }] }],
          status: ['unresolved', { exists: false }],
          previous: { status: [{ 'anything-but': ['unresolved'] }, { exists: false }] },
        },
      },
      batchSize: 5,
    },
  },
  'holder-review-daily': {
    size: 'light',
    timeoutSeconds: 300,
    uses: [],
    table: ['Query gsi2', 'PutItem'],
    trigger: { kind: 'schedule', name: 'orphans', rate: 'rate(1 day)' },
  },
  operations: {
    size: 'request',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: [],
    table: [...READS, 'Query gsi3', 'Query gsi4', 'ConditionCheckItem', 'DeleteItem', 'PutItem'],
    trigger: { kind: 'routes' },
  },
  'operation-worker': {
    size: 'worker',
    timeoutSeconds: 120,
    uses: ['operation pace'],
    table: [...READS, 'Query gsi3', 'Query gsi4', ...CHANGES],
    trigger: {
      kind: 'bus',
      source: 'baton',
      detailTypes: SUBSCRIPTIONS['operation-worker'],
      // Operations that wait are worked on by other workers, or in turn.
      batchSize: 1,
      // A worker that is killed goes on from where it was; one that was given up would leave its
      // operation under way.
      maxReceiveCount: 100,
    },
  },
  ownership: {
    size: 'request',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: ['cache'],
    table: [...READS, 'Query gsi3', 'ConditionCheckItem', 'DeleteItem', 'PutItem'],
    trigger: { kind: 'routes' },
  },
  'group-seen': {
    size: 'worker',
    timeoutSeconds: 60,
    uses: ['cache'],
    table: [...READS, ...CHANGES],
    trigger: {
      kind: 'bus',
      source: 'baton.events',
      detailTypes: ['group.seen'],
      // A whole batch may belong to one group, whose events are counted in one transaction: two of
      // its hundred writes for each event.
      batchSize: 40,
      batchingWindowSeconds: 1,
      // Events wait while there are more new groups than free ids, and while the cache is down.
      maxReceiveCount: MAX_RECEIVES,
    },
  },
  envelope: {
    size: 'request',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    // No cache: in its network nobody reaches the bus.
    uses: ['bus'],
    table: ['BatchGetItem', 'UpdateItem'],
    trigger: { kind: 'routes' },
  },
  unsnooze: {
    size: 'worker',
    timeoutSeconds: 55,
    uses: [],
    table: ['BatchGetItem', 'Query gsi2', 'PutItem', 'UpdateItem'],
    trigger: { kind: 'schedule', name: 'unsnooze', rate: 'rate(1 minute)' },
  },
  leases: {
    size: 'worker',
    timeoutSeconds: 55,
    uses: [],
    table: ['BatchGetItem', 'Query', 'Query gsi2', 'PutItem'],
    trigger: { kind: 'schedule', name: 'leases', rate: 'rate(1 minute)' },
  },
  integrations: {
    size: 'request',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: ['secrets:write'],
    table: [...READS, ...CHANGES],
    trigger: { kind: 'routes' },
  },
  webhook: {
    size: 'request',
    timeoutSeconds: 10,
    uses: ['secrets:read'],
    table: ['GetItem', 'Query gsi3', 'PutItem'],
    trigger: { kind: 'routes' },
  },
  'sync-fanout': {
    size: 'light',
    timeoutSeconds: 30,
    uses: ['secrets:delete', 'fifo:sync-outbound', 'fifo:sync-inbound'],
    table: ['Query'],
    trigger: {
      kind: 'bus',
      source: 'baton',
      detailTypes: SUBSCRIPTIONS['sync-fanout'],
      // Changes of issues that no tracker knows wake nobody. Other events say nothing of links, and
      // of issues from before December 2026 nobody knows.
      detail: { linked: [true, { exists: false }] },
      batchSize: 10,
    },
  },
  'sync-outbound': {
    size: 'worker',
    timeoutSeconds: 60,
    uses: ['secrets:write'],
    table: [...READS, 'Query gsi3', ...CHANGES],
    trigger: { kind: 'fifo', delaySeconds: 1, maxReceiveCount: 100 },
  },
  'sync-inbound': {
    size: 'worker',
    timeoutSeconds: 60,
    uses: ['secrets:read'],
    table: [...READS, 'Query gsi3', ...CHANGES],
    trigger: { kind: 'fifo', delaySeconds: 0, maxReceiveCount: 100 },
  },
  webhooks: {
    size: 'light',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: ['secrets:write', 'queue:webhook-delivery'],
    table: [...READS, 'DeleteItem', 'PutItem', 'UpdateItem'],
    trigger: { kind: 'routes' },
  },
  'webhook-fanout': {
    size: 'light',
    timeoutSeconds: 30,
    uses: ['secrets:delete', 'queue:webhook-delivery'],
    table: [...READS, 'ConditionCheckItem', 'PutItem'],
    trigger: {
      kind: 'bus',
      source: 'baton',
      detailTypes: SUBSCRIPTIONS['webhook-fanout'],
      // What happens in organizations that never had an endpoint wakes nobody. Events of endpoints
      // themselves say nothing of this, nor do those that are replayed.
      detail: { webhooks: [true, { exists: false }] },
      batchSize: 10,
    },
  },
  'webhook-delivery': {
    size: 'worker',
    timeoutSeconds: 60,
    uses: ['secrets:read', 'queue:webhook-delivery'],
    table: [...READS, 'DeleteItem', 'PutItem', 'UpdateItem'],
    trigger: {
      kind: 'queue',
      // Mostly it waits for endpoints, so one invocation serves several of them.
      batchSize: 10,
      maxReceiveCount: 5,
      // An endpoint that does not answer holds an invocation for 15 seconds.
      leastConcurrency: 10,
    },
  },
  'webhook-attempts': {
    size: 'light',
    timeoutSeconds: 55,
    uses: ['queue:webhook-delivery'],
    table: ['Query gsi2'],
    // Attempts that are due within ten minutes have messages of their own.
    trigger: { kind: 'schedule', name: 'webhook-attempts', rate: 'rate(5 minutes)' },
  },
  sweeper: {
    size: 'light',
    timeoutSeconds: 300,
    uses: ['fifo:sync-outbound', 'backoff'],
    table: ['Query gsi2'],
    trigger: { kind: 'schedule', name: 'sweeper', rate: 'rate(15 minutes)' },
  },
} as const satisfies Record<RouteFunction, FunctionSpec> & {
  readonly [N in SubscriberName]: Subscriber<N>;
} & Record<string, FunctionSpec>;

/** The name of a function of the catalog. */
export type FunctionName = keyof typeof FUNCTIONS;

/** The name of a function that works on a FIFO queue. */
export type FifoWorker = {
  [N in FunctionName]: (typeof FUNCTIONS)[N]['trigger'] extends FifoTrigger ? N : never;
}[FunctionName];

/** The name of a function that works on a queue which functions send to. */
export type QueueWorker = {
  [N in FunctionName]: (typeof FUNCTIONS)[N]['trigger'] extends QueueTrigger ? N : never;
}[FunctionName];

/** The names of the catalog, in its order. */
export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];
