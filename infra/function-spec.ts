import type { EventType } from '../shared/messages/subscriptions.ts';

/** The memory size of a function; each stage maps it to MB. */
export type FunctionSize = 'light' | 'request' | 'worker';

/**
 * A resource that a function uses. A binding sets its environment variables and grants its rights.
 * A function that uses the cache is in the VPC where the stage has one, and can only reach the
 * cache and DynamoDB there.
 */
export type Use =
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
  /** Wakes the worker that sends webhooks. */
  | 'queue:webhook-delivery'
  /** The stage's backoff for trackers. */
  | 'backoff'
  /** How fast the stage's operations over many issues may write, and by how many workers. */
  | 'operation pace';

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

/**
 * The worker of a standard queue that functions send to. What there is to do lies in the table, so
 * a message can be doubled or lost.
 */
export type QueueTrigger = {
  readonly kind: 'queue';
  /** Messages per invocation, which are worked on together. */
  readonly batchSize: number;
  readonly maxReceiveCount: number;
  /** Invocations at the same time, also in stages that let other consumers have fewer. */
  readonly leastConcurrency: number;
};

/** The events that a rule of the bus matches: those of our own outbox, or those of producers. */
type MatchedEvents =
  | { readonly source: 'baton'; readonly detailTypes: readonly [EventType, ...EventType[]] }
  | { readonly source: 'baton.events'; readonly detailTypes: readonly ['group.seen'] };

/** What a pattern asks of fields: one of these values, or something of the fields in an object. */
type DetailPattern = { readonly [field: string]: readonly unknown[] | DetailPattern };

/** A consumer of events: bus rule -> queue -> function, with dead letters kept for 14 days. */
export type BusTrigger = MatchedEvents & {
  readonly kind: 'bus';
  /** What else the rule asks of the event's detail, as EventBridge's patterns say it. */
  readonly detail?: DetailPattern;
  /** Messages per invocation; more than 10 need a batching window. */
  readonly batchSize: number;
  readonly batchingWindowSeconds?: number;
  /** Receives before a message becomes a dead letter; 5 by default. */
  readonly maxReceiveCount?: number;
};

/**
 * The rights of a function for the table: the actions that IAM has (those of a transaction are
 * those of its items) and the indexes that it queries. No function scans.
 */
export type TableUse =
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'ConditionCheckItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'Query gsi3'
  | 'Query gsi4'
  | 'Query gsi2'
  | 'UpdateItem';

/** The trigger of a function. */
type Trigger =
  | { readonly kind: 'routes' }
  | { readonly kind: 'authorizer' }
  | { readonly kind: 'outbox' }
  | BusTrigger
  | FifoTrigger
  | QueueTrigger
  | { readonly kind: 'schedule'; readonly name: string; readonly rate: `rate(${string})` };

/** One row of the catalog. */
export type FunctionSpec = {
  readonly size: FunctionSize;
  readonly timeoutSeconds: number;
  readonly uses: readonly Use[];
  /** Only the actions that its flows need, each of which an end-to-end test uses. */
  readonly table?: readonly TableUse[];
  readonly trigger: Trigger;
};
