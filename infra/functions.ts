import type { FunctionName as RouteFunction } from '../shared/http/routes.ts';
import {
  type EventType,
  SUBSCRIPTIONS,
  type SubscriberName,
} from '../shared/messages/subscriptions.ts';

/** How much memory a function gets; each stage says how many MB that is. */
export type FunctionSize = 'light' | 'request' | 'worker';

/**
 * What a function is bound to. A binding sets its environment variables and grants its rights.
 * Whoever uses the cache lives in the VPC where the stage has one, and reaches nothing there but
 * the cache and DynamoDB.
 */
export type Use =
  | 'table:read'
  | 'table:write'
  | 'cache'
  | 'bus'
  /**
   * The secrets of the stage's integrations; to write them means to renew credentials that rotate.
   */
  | 'secrets:read'
  | 'secrets:write'
  /** Deletes the secrets of integrations that are gone. */
  | 'secrets:delete'
  /** Sends to the FIFO queue of that function. */
  | 'fifo:sync-outbound'
  | 'fifo:sync-inbound'
  /** How patient the stage is with trackers. */
  | 'backoff';

/**
 * A worker of a FIFO queue: messages of one lane one after the other. The worker counts its
 * attempts itself, and hides a message for as long as it wants; so receives say little, and only a
 * message that kills its worker is given up for them.
 */
export type FifoTrigger = {
  readonly kind: 'fifo';
  /** A message waits so long before anybody sees it, which lets quick changes become one. */
  readonly delaySeconds: number;
  readonly maxReceiveCount: number;
};

/** What a rule of the bus lets through: events of our own outbox, or those from outside. */
type HeardEvents =
  | { readonly source: 'baton'; readonly detailTypes: readonly [EventType, ...EventType[]] }
  | { readonly source: 'baton.events'; readonly detailTypes: readonly ['group.seen'] };

/** A consumer of events: bus rule -> queue -> function, its dead letters kept 14 days. */
export type BusTrigger = HeardEvents & {
  readonly kind: 'bus';
  /** Messages per invocation; beyond 10 a batching window is needed. */
  readonly batchSize: number;
  readonly batchingWindowSeconds?: number;
  /** Receives before a message becomes a dead letter; 5 unless said otherwise. */
  readonly maxReceiveCount?: number;
};

/**
 * The most that SQS counts. Messages that cannot be consumed without the cache come again for days,
 * so that an outage of hours leaves no dead letters; the alarm on their age rings long before.
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

/** A row whose function consumes the events that the product's own table says, and no others. */
type Subscriber<N extends SubscriberName> = FunctionSpec & {
  readonly trigger: { readonly source: 'baton'; readonly detailTypes: (typeof SUBSCRIPTIONS)[N] };
};

/** The gateway gives up after 29 seconds; a function that it calls must not work on unheard. */
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
    // Longer deletions are handed on; a message that was lost with its worker comes back after six
    // times this.
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
      // All of a batch may be one group's, whose events are counted in one transaction: two writes
      // each, of a hundred.
      batchSize: 40,
      batchingWindowSeconds: 1,
      // Events wait for ids when more groups begin than there are ids for, and while the cache is
      // away.
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
