import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createCacheClient } from './cache/client.ts';
import { createIamToken } from './cache/iam-token.ts';
import { createOwnerCaches } from './cache/owner-caches.ts';
import { createOwnershipCache } from './cache/ownership-cache.ts';
import { createRateLimits, type RateState, rateStateOf } from './cache/rate-limits.ts';
import { createSequence } from './cache/sequence.ts';
import {
  allowedOrigins,
  busName,
  cacheConfig,
  consumerQueues,
  inboundQueueUrl,
  lambdaFacts,
  operationPace,
  outboundQueueUrl,
  rateLimitsAreOn,
  region,
  snowflakeSettings,
  stageName,
  syncBackoff,
  tableName,
  webhookQueueUrl,
  workerQueues,
} from './config.ts';
import type { ImportedRules, ProjectOwnership } from './domain/ownership/project-ownership.ts';
import { cloudBackoff, localBackoff } from './domain/sync/backoff.ts';
import { createBury } from './messages/bury.ts';
import { createHideMessage } from './messages/hide-message.ts';
import { createSendFifo } from './messages/send-fifo.ts';
import { createWakeSender } from './messages/wake-sender.ts';
import type { Clock, Count, FunctionLog } from './operations/deps.ts';
import { createWebhookSecrets } from './secrets/integration-secret.ts';
import { createSecretStore } from './secrets/secret-store.ts';
import { createTrackerSource } from './secrets/tracker-source.ts';
import { documentClient } from './stores/document-client.ts';
import { hashOf } from './stores/ingest/event-deliveries.ts';
import { createNamespaceStore } from './stores/namespaces.ts';
import { createOutboxRecorder } from './stores/outbox.ts';
import { createPacedTransact } from './stores/paced-transact.ts';
import { createRepeatStore } from './stores/repeats.ts';
import { createTable, type Table } from './stores/table.ts';
import { createTransact } from './stores/transaction.ts';
import { createCount, createLog } from './telemetry.ts';
import { baseUrlProblem } from './trackers/address-guard.ts';
import { providerOf } from './trackers/create-tracker.ts';
import { webhookOf } from './trackers/webhooks/webhook-of.ts';
import {
  type Stores,
  wireApiStores,
  wireBulkStores,
  wireCommonStores,
  wireDirectoryStores,
  wireExplainingStores,
  wireForecastStores,
  wireIngestStores,
  wireIssueStores,
  wireIssueWriteStores,
  wireOperationApiStores,
  wireOperationStores,
  wireOwnerStores,
  wireProjectStores,
  wireRulesStores,
  wireSeenStores,
  wireTokenStores,
} from './wire-stores.ts';

export { type Stores, wireStores } from './wire-stores.ts';

/**
 * The one place where clients are made. Each function asks for what it needs; what it does not ask
 * for is not made, and leaves its bundle.
 */
export function wireTable() {
  const table = openTable();
  const transact = createTransact(table);
  return wireCommonStores(table, transact, transact);
}

/** The table of the authorizer. */
export function wireTokenTable() {
  const table = openTable();
  return wireTokenStores(table, createTransact(table));
}

/** The table of a function that answers writes of the API. */
export function wireApiTable() {
  return wireApiStores(openTable());
}

/** The table of the function that answers writes of teams and members. */
export function wireDirectoryTable() {
  return wireDirectoryStores(openTable());
}

/** The table of the function that saves projects, which copies their rules. */
export function wireProjectTable() {
  return wireProjectStores(openTable());
}

/** The table, over a client of its own. */
export function openTable(): Table {
  const client = documentClient(new DynamoDBClient({}));
  return createTable({ client, name: tableName() });
}

/** The table of a function that answers writes of issues. */
export function wireIssueTable() {
  const { table, transact, repeats } = openForWrites();
  return {
    ...wireIssueStores(table, transact),
    ...wireIssueWriteStores(table, transact),
    ...wireForecastStores(table, transact),
    ...wireBulkStores(table, transact),
    repeats,
  };
}

/** The table of a function that answers writes of ownership, and explains owners. */
export function wireOwnershipTable() {
  const { table, transact, commit, repeats } = openForWrites();
  return {
    ...wireExplainingStores(table, transact),
    ...wireOwnerStores(table, transact),
    ...wireRulesStores(table, transact, commit),
    repeats,
  };
}

/** What a request commits has the record of its key beside it. */
export function openForWrites() {
  const table = openTable();
  const commit = createTransact(table);
  const repeats = createRepeatStore(table, commit);
  return { table, transact: repeats.addingRecord(commit), commit, repeats };
}

/** The table of the function that counts events and evaluates owners on them. */
export function wireSeenTable() {
  const table = openTable();
  const transact = createTransact(table);
  return {
    ...wireIssueStores(table, transact),
    ...wireOwnerStores(table, transact),
    ...wireSeenStores(table, transact),
    namespaces: createNamespaceStore(table, transact),
  };
}

/** The table of the function that takes events from SDKs, and how it hides who their users are. */
export function wireIngestTable() {
  return { ...wireIngestStores(openTable()), hashOf };
}

/** The table of the function that ends assignments by themselves. */
export function wireLeaseTable() {
  const table = openTable();
  const transact = createTransact(table);
  return {
    ...wireIssueStores(table, transact),
    ...wireOwnerStores(table, transact),
    ...wireSeenStores(table, transact),
    outbox: createOutboxRecorder(transact),
  };
}

/** The table of the function that answers requests for operations. */
export function wireOperationApiTable() {
  return wireOperationApiStores(openTable());
}

/** The table of the worker of operations, which writes no more than its share of a second. */
export function wireOperationTable() {
  const table = openTable();
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const clockOfPace = { now: Date.now, wait };
  const pace = createPacedTransact(createTransact(table), operationPace(), clockOfPace);
  const { transact, shareAmong } = pace;
  return {
    ...wireIssueStores(table, transact),
    ...wireOwnerStores(table, transact),
    ...wireSeenStores(table, transact),
    ...wireOperationStores(table, transact),
    ...wireForecastStores(table, transact),
    shareAmong,
  };
}

/** The cache, connected when it is first used. */
export function wireCache() {
  const { host, port, login } = cacheConfig();
  const client = createCacheClient({
    host,
    port,
    auth:
      login.kind === 'none'
        ? login
        : {
            kind: 'iam',
            user: login.user,
            token: createIamToken({
              cacheName: login.cacheName,
              user: login.user,
              region: region(),
              // The chain that the SDK's own clients use, without a credentials package of its own
              // in the bundle.
              credentials: new DynamoDBClient({}).config.credentials,
            }),
          },
  });
  const rateLimits = createRateLimits(client);
  return {
    client,
    ownerCaches: createOwnerCaches(client),
    ownershipCache: createOwnershipCache<ProjectOwnership, ImportedRules>(client),
    rateLimits,
    /** Null where the stage limits nobody. */
    requestLimiter: rateLimitsAreOn()
      ? {
          async admit(caller: string, operation: string, limit: number): Promise<RateState> {
            const result = await rateLimits.allowRequest(caller, operation, limit);
            return rateStateOf(result, { limit, nowMs: Date.now() });
          },
        }
      : null,
  };
}

/**
 * The maker of snowflake ids: its counters are in the cache, what says that a namespace was used is
 * in the table.
 */
export function wireSequence(
  { namespaces }: Pick<Stores, 'namespaces'>,
  { client }: Pick<ReturnType<typeof wireCache>, 'client'>,
) {
  return createSequence({
    client,
    settings: snowflakeSettings(),
    claimNamespace: namespaces.claim,
  });
}

/** The secrets of integrations. */
export function wireSecrets() {
  return createSecretStore({ client: new SSMClient({}), stage: stageName(), now: Date.now });
}

/** The trackers of integrations, signed in with their secrets. */
export function wireTrackers({ integrations }: Pick<Stores, 'integrations'>) {
  return createTrackerSource({ secrets: wireSecrets(), integrations, now: Date.now });
}

/** Which addresses of trackers a caller may name: none inside a network. */
export function wireAddressRules() {
  const policy = { allowPrivateAddress: false };
  return { addressProblem: (baseUrl: string) => baseUrlProblem(baseUrl, policy) };
}

/** Wakes the workers that send webhooks. */
export function wireWebhookQueue() {
  return { wakeSender: createWakeSender(new SQSClient({}), webhookQueueUrl()) };
}

/** How the signatures of webhooks are checked and their bodies read. Loads no tracker's client. */
export function wireWebhooks() {
  return { webhookOf, providerOf, webhookSecretsOf: createWebhookSecrets(wireSecrets()) };
}

/** Sends to the workers that bring links up to date. */
export function wireOutboundQueue() {
  return createSendFifo(new SQSClient({}), outboundQueueUrl());
}

/** Sends to the workers that apply webhooks. */
export function wireInboundQueue() {
  return createSendFifo(new SQSClient({}), inboundQueueUrl());
}

/** What every consumer of a queue needs. */
export function wireConsumer() {
  const queues = consumerQueues();
  if (queues === null) {
    return { ...wireTelemetry(), bury: null, hide: null };
  }
  const client = new SQSClient({});
  return {
    ...wireTelemetry(),
    bury: createBury(client, queues.deadLetterQueueUrl),
    hide: createHideMessage(client, queues.queueUrl),
  };
}

/** How patient the stage is with trackers. */
export function wireBackoff() {
  return { backoff: syncBackoff() === 'quick' ? localBackoff : cloudBackoff };
}

/** What a worker of a FIFO queue does with a message that is not done. */
export function wireFifoWorker() {
  const client = new SQSClient({});
  const { queueUrl, deadLetterQueueUrl: dead } = workerQueues();
  return {
    hide: createHideMessage(client, queueUrl),
    bury: createBury(client, dead),
    ...wireBackoff(),
    random: Math.random,
  };
}

/** The bus that the relay puts events on. */
export function wireBus() {
  return { client: new EventBridgeClient({}), name: busName() };
}

/** The clock and the makers of ids. */
export function wireClockAndIds() {
  return {
    clock,
    newId,
    newEventId: randomUUID,
    newShareId: unguessable,
    newKeyText: unguessable,
    randomInt: (max: number) => randomInt(max),
  };
}

/** What every function that answers routes has: telemetry, and whose pages may read its answers. */
export function wireApi() {
  return { ...wireTelemetry(), allowedOrigins: allowedOrigins() };
}

/** The log, and the metrics that leave through it. */
export function wireTelemetry(): { log: FunctionLog; count: Count } {
  const write = (line: string) => void process.stdout.write(`${line}\n`);
  return { log: createLog(write, lambdaFacts), count: createCount(write, stageName()) };
}

const clock: Clock = () => new Date().toISOString();

/**
 * What cannot be guessed: whoever has the link reads the issue, whoever has the key is the project.
 */
function unguessable(): string {
  return randomUUID().replaceAll('-', '');
}

/**
 * A random number below 2^52, as text: exact in any JSON reader, and never meeting another within
 * one group.
 */
function newId(): string {
  return String(randomBytes(8).readBigUInt64BE() >> 12n);
}
