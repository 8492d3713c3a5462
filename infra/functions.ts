import type { FunctionName as RouteFunction } from '../shared/http/routes.ts';
import {
  type EventType,
  SUBSCRIPTIONS,
  type SubscriberName,
} from '../shared/messages/subscriptions.ts';

/** The memory size of a function; each stage maps it to MB. */
export type FunctionSize = 'light' | 'request' | 'worker';

/**
 * A resource that a function uses. A binding sets its environment variables and grants its rights.
 * A function that uses the cache is in the VPC where the stage has one, and can only reach the
 * cache and DynamoDB there.
 */
export type Use =
  | 'table:read'
  | 'table:write'
  | 'cache'
  | 'bus'
  /** The secrets of the stage's integrations; writing is for credentials that rotate. */
  | 'secrets:read'
  | 'secrets:write'
  /** Deletes the secrets of deleted integrations. */
  | 'secrets:delete'
  /** Sends to the FIFO queue of that function. */
  | 'fifo:sync-outbound'
  | 'fifo:sync-inbound'
  /** The stage's backoff for trackers. */
  | 'backoff';

/**
 * The worker of a FIFO queue: messages of one message group run one after the other. The worker
 * counts attempts itself, and hides a message for any time. So the number of receives means little,
 * and only a message that kills its worker is given up by it.
 */
export type FifoTrigger = {
  readonly kind: 'fifo';
  /** The delay of each message, so that quick changes are combined. */
  readonly delaySeconds: number;
  readonly maxReceiveCount: number;
};

/** The events that a rule of the bus matches: those of our own outbox, or those of producers. */
type HeardEvents =
  | { readonly source: 'baton'; readonly detailTypes: readonly [EventType, ...EventType[]] }
  | { readonly source: 'baton.events'; readonly detailTypes: readonly ['group.seen'] };

/** A consumer of events: bus rule -> queue -> function, with dead letters kept for 14 days. */
export type BusTrigger = HeardEvents & {
  readonly kind: 'bus';
  /** Messages per invocation; more than 10 need a batching window. */
  readonly batchSize: number;
  readonly batchingWindowSeconds?: number;
  /** Receives before a message becomes a dead letter; 5 by default. */
  readonly maxReceiveCount?: number;
};

/**
 * The maximum of SQS. Messages that need the cache are retried for days, so that an outage of hours
 * leaves no dead letters; the alarm on their age goes off long before.
 */
const MOST_RECEIVES = 1_000;

/** What makes a function run. */
export type Trigger =
  | { readonly kind: 'routes' }
  | { readonly kind: 'authorizer' }
  | { readonly kind: 'outbox' }
  | BusTrigger
  | FifoTrigger
  | { readonly kind: 'schedule'; readonly name: string; readonly rate: `rate(${string})` };

/** One row of the catalog. */
export type FunctionSpec = {
  readonly size: FunctionSize;
  readonly timeoutSeconds: number;
  readonly uses: readonly Use[];
  readonly trigger: Trigger;
};

/** A function that consumes exactly the events in the product's table of subscriptions. */
type Subscriber<N extends SubscriberName> = FunctionSpec & {
  readonly trigger: { readonly source: 'baton'; readonly detailTypes: (typeof SUBSCRIPTIONS)[N] };
};

/** The gateway gives up after 29 seconds; a function must not continue after that. */
const REQUEST_TIMEOUT_SECONDS = 28;

/** Every function of the stack, by the name of its folder below `functions/`. */
export const FUNCTIONS = {
  authorizer: {
    size: 'light',
    timeoutSeconds: 5,
    uses: ['table:read'],
    trigger: { kind: 'authorizer' },
  },
  'group-update': {
    size: 'request',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: ['table:write', 'cache'],
    trigger: { kind: 'routes' },
  },
  'group-read': {
    size: 'request',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: ['table:read', 'cache'],
    trigger: { kind: 'routes' },
  },
  'directory-read': {
    size: 'light',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: ['table:read'],
    trigger: { kind: 'routes' },
  },
  'project-save': {
    size: 'request',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: ['table:write', 'cache'],
    trigger: { kind: 'routes' },
  },
  'project-delete': {
    size: 'light',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: ['table:write'],
    trigger: { kind: 'routes' },
  },
  'directory-write': {
    size: 'light',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: ['table:write', 'cache'],
    trigger: { kind: 'routes' },
  },
  'outbox-relay': {
    size: 'light',
    timeoutSeconds: 30,
    uses: ['bus'],
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
      maxReceiveCount: MOST_RECEIVES,
    },
  },
  'assignment-followup': {
    size: 'worker',
    timeoutSeconds: 60,
    uses: ['table:write'],
    trigger: {
      kind: 'bus',
      source: 'baton',
      detailTypes: SUBSCRIPTIONS['assignment-followup'],
      batchSize: 10,
    },
  },
  'project-cascade': {
    size: 'worker',
    // Longer deletions continue in another invocation. The message of a worker that was killed
    // comes back after six times this.
    timeoutSeconds: 120,
    uses: ['table:write', 'cache'],
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
    uses: ['table:write'],
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
    uses: ['table:write'],
    trigger: { kind: 'schedule', name: 'due-deletions', rate: 'rate(1 minute)' },
  },
  'membership-followup': {
    size: 'worker',
    timeoutSeconds: 120,
    uses: ['table:write'],
    trigger: {
      kind: 'bus',
      source: 'baton',
      detailTypes: SUBSCRIPTIONS['membership-followup'],
      batchSize: 5,
    },
  },
  ownership: {
    size: 'request',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: ['table:write', 'cache'],
    trigger: { kind: 'routes' },
  },
  'group-seen': {
    size: 'worker',
    timeoutSeconds: 60,
    uses: ['table:write', 'cache'],
    trigger: {
      kind: 'bus',
      source: 'baton.events',
      detailTypes: ['group.seen'],
      // A whole batch may belong to one group, whose events are counted in one transaction: two of
      // its hundred writes for each event.
      batchSize: 40,
      batchingWindowSeconds: 1,
      // Events wait while there are more new groups than free ids, and while the cache is down.
      maxReceiveCount: MOST_RECEIVES,
    },
  },
  unsnooze: {
    size: 'worker',
    timeoutSeconds: 55,
    uses: ['table:write'],
    trigger: { kind: 'schedule', name: 'unsnooze', rate: 'rate(1 minute)' },
  },
  integrations: {
    size: 'request',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: ['table:write', 'secrets:read'],
    trigger: { kind: 'routes' },
  },
  webhook: {
    size: 'request',
    timeoutSeconds: 10,
    uses: ['table:write', 'secrets:read'],
    trigger: { kind: 'routes' },
  },
  'sync-fanout': {
    size: 'light',
    timeoutSeconds: 30,
    uses: ['table:read', 'secrets:delete', 'fifo:sync-outbound', 'fifo:sync-inbound'],
    trigger: {
      kind: 'bus',
      source: 'baton',
      detailTypes: SUBSCRIPTIONS['sync-fanout'],
      batchSize: 10,
    },
  },
  'sync-outbound': {
    size: 'worker',
    timeoutSeconds: 60,
    uses: ['table:write', 'secrets:write'],
    trigger: { kind: 'fifo', delaySeconds: 1, maxReceiveCount: 100 },
  },
  'sync-inbound': {
    size: 'worker',
    timeoutSeconds: 60,
    uses: ['table:write', 'secrets:read'],
    trigger: { kind: 'fifo', delaySeconds: 0, maxReceiveCount: 100 },
  },
  sweeper: {
    size: 'light',
    timeoutSeconds: 300,
    uses: ['table:read', 'fifo:sync-outbound', 'backoff'],
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

/** The names of the catalog, in its order. */
export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];
