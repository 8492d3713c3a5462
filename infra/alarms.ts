import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { StageMetrics } from './constructs/metrics.ts';
import type { FunctionSpec } from './function-spec.ts';
import { FUNCTION_NAMES, FUNCTIONS, type FunctionName } from './functions.ts';

/**
 * An alarm. It goes off when the sum of its metrics reaches the threshold in `of[0]` of the last
 * `of[1]` minutes.
 */
export type AlarmRow = {
  /** Part of its name: `baton-alice-dead-letters`. */
  readonly name: string;
  /** The problem, for the person on call. */
  readonly says: string;
  /** The heading in docs/runbook.md with the steps to take, as the anchor of a link. */
  readonly page: string;
  readonly metrics: readonly IMetric[];
  readonly threshold: number;
  readonly of: readonly [number, number];
};

/** Alarms that go off together: only the group notifies. */
export type AlarmGroup = {
  readonly name: string;
  readonly says: string;
  readonly page: string;
  readonly members: readonly AlarmRow[];
};

export type AlarmCatalog = {
  readonly alarms: readonly AlarmRow[];
  readonly groups: readonly AlarmGroup[];
};

/** The age of a message, in seconds, that no retry explains. */
const OLDEST_MESSAGE_SECONDS = 15 * 60;

/** Events leave the table within a second; a relay with this lag is stuck. */
const RELAY_LAG_MS = 60_000;

/** The latency of one request in a hundred, in milliseconds, that cold starts do not explain. */
const SLOW_MS = 3_000;

/**
 * The number of links behind at the same time. A few are normal: a user without an account in the
 * tracker, a tracker that is paused.
 */
const LINKS_BEHIND = 100;

/**
 * Transactions are retried after conflicts by design; this many a minute mean that two writers work
 * against each other.
 */
const CONFLICTS_A_MINUTE = 300;

const specOf = (name: FunctionName): FunctionSpec => FUNCTIONS[name];
const namesOf = (...kinds: readonly FunctionSpec['trigger']['kind'][]) =>
  FUNCTION_NAMES.filter((name) => kinds.includes(specOf(name).trigger.kind));

/** Alarms for stages without a person on call: server errors, dead letters and a stuck relay. */
export function fewAlarms(metrics: StageMetrics): AlarmCatalog {
  return { alarms: [serverErrors(metrics), deadLetters(metrics), relayLag(metrics)], groups: [] };
}

/** All alarms that a person on call can act on. Alarms with a common cause are grouped. */
export function allAlarms(metrics: StageMetrics): AlarmCatalog {
  const failing = (...kinds: readonly FunctionSpec['trigger']['kind'][]) =>
    namesOf(...kinds).map((name) => functionFailing(metrics, name));
  return {
    alarms: [
      deadLetters(metrics),
      {
        name: 'requests-slow',
        says: 'One request in a hundred takes longer than three seconds.',
        page: 'requests-are-slow',
        metrics: [metrics.latencyP99],
        threshold: SLOW_MS,
        of: [5, 5],
      },
      {
        name: 'table-throttled',
        says: 'DynamoDB refuses reads or writes of the table or of an index.',
        page: 'the-table-throttles',
        metrics: metrics.tableThrottles,
        threshold: 1,
        of: [3, 5],
      },
      {
        name: 'table-conflicts',
        says: 'Transactions conflict far more often than concurrent assignments explain.',
        page: 'transactions-conflict',
        metrics: [metrics.tableConflicts],
        threshold: CONFLICTS_A_MINUTE,
        of: [5, 5],
      },
      {
        name: 'webhooks-disabled',
        says: 'An endpoint of webhooks takes nothing any more, and was disabled.',
        page: 'webhooks-are-not-taken',
        metrics: ['gone', 'failing'].map((reason) =>
          metrics.counted('webhook.disabled', { reason }),
        ),
        threshold: 1,
        of: [1, 5],
      },
    ],
    groups: [
      {
        name: 'links-late',
        says: 'Links to trackers are not brought up to date.',
        page: 'links-fall-behind',
        members: [
          {
            name: 'links-given-up',
            says: 'Messages about links to trackers were given up after all their attempts.',
            page: 'links-fall-behind',
            metrics: [metrics.counted('sync.dead_letter')],
            threshold: 1,
            of: [1, 5],
          },
          {
            name: 'links-behind',
            says: 'The sweeper found many links that are behind.',
            page: 'links-fall-behind',
            metrics: [metrics.counted('sync.links_behind', {}, 'Maximum')],
            threshold: LINKS_BEHIND,
            of: [1, 5],
          },
        ],
      },
      {
        name: 'requests-failing',
        says: 'Requests are answered with 5xx, or a function of a route or the authorizer fails.',
        page: 'requests-fail',
        members: [serverErrors(metrics), ...failing('routes', 'authorizer')],
      },
      {
        name: 'work-behind',
        says: 'Events or their effects are late: a queue, the relay or a consumer is stuck.',
        page: 'work-is-late',
        members: [
          relayLag(metrics),
          outboxLag(metrics),
          ...namesOf('bus', 'fifo', 'queue').map((name) => queueAge(metrics, name)),
          ...failing('outbox', 'bus', 'fifo', 'queue'),
        ],
      },
      {
        name: 'schedules-failing',
        says: 'A schedule does not start its function, or the function fails.',
        page: 'a-schedule-fails',
        members: [
          {
            name: 'schedules-dropped',
            says: 'Scheduler could not start a function.',
            page: 'a-schedule-fails',
            metrics: metrics.schedulesFailed,
            threshold: 1,
            of: [1, 5],
          },
          ...failing('schedule'),
        ],
      },
      {
        name: 'cache-failing',
        says: 'The cache throttles, or keys could not be deleted after a commit.',
        page: 'the-cache-fails',
        members: [
          {
            name: 'cache-throttled',
            says: 'The cache refuses commands: it is at the limit of the stage, or grows too fast.',
            page: 'the-cache-fails',
            metrics: [metrics.cacheThrottles],
            threshold: 1,
            of: [3, 5],
          },
          {
            name: 'cache-unreachable',
            says: 'Keys of the cache could not be deleted after a commit; the events repeat it.',
            page: 'the-cache-fails',
            metrics: ['owners', 'ownership'].map((cache) =>
              metrics.counted('cache.invalidation_failed', { cache }),
            ),
            threshold: 5,
            of: [3, 5],
          },
        ],
      },
    ],
  };
}

function serverErrors({ serverErrors: metric }: StageMetrics): AlarmRow {
  return {
    name: 'server-errors',
    says: 'Requests are answered with 5xx.',
    page: 'requests-fail',
    metrics: [metric],
    threshold: 1,
    of: [2, 5],
  };
}

function deadLetters({ deadLetters: metrics }: StageMetrics): AlarmRow {
  return {
    name: 'dead-letters',
    says: 'Messages were given up on and wait in a queue of dead letters.',
    page: 'dead-letters',
    metrics,
    threshold: 1,
    of: [1, 1],
  };
}

function relayLag({ relayLagMs }: StageMetrics): AlarmRow {
  return {
    name: 'relay-lag',
    says: 'The relay is a minute behind the stream of the table.',
    page: 'work-is-late',
    metrics: [relayLagMs],
    threshold: RELAY_LAG_MS,
    of: [3, 3],
  };
}

function outboxLag(metrics: StageMetrics): AlarmRow {
  return {
    name: 'outbox-lag',
    says: 'Events reach the bus a minute after they were committed.',
    page: 'work-is-late',
    metrics: [metrics.counted('outbox.lag_seconds', {}, 'Maximum')],
    threshold: RELAY_LAG_MS / 1_000,
    of: [3, 3],
  };
}

function queueAge(metrics: StageMetrics, name: FunctionName): AlarmRow {
  return {
    name: `${name}-late`,
    says: `The oldest message of ${name} waits longer than retries explain.`,
    page: 'work-is-late',
    metrics: [metrics.queueAge(name)],
    threshold: OLDEST_MESSAGE_SECONDS,
    of: [3, 3],
  };
}

const FAILURE_PAGES: Readonly<Record<FunctionSpec['trigger']['kind'], string>> = {
  routes: 'requests-fail',
  authorizer: 'the-authorizer-fails',
  outbox: 'work-is-late',
  bus: 'work-is-late',
  fifo: 'work-is-late',
  queue: 'work-is-late',
  schedule: 'a-schedule-fails',
};

function functionFailing(metrics: StageMetrics, name: FunctionName): AlarmRow {
  return {
    name: `${name}-failing`,
    says: `${name} ends in errors or timeouts, or Lambda has no room to run it.`,
    page: FAILURE_PAGES[specOf(name).trigger.kind],
    metrics: [metrics.functionErrors(name), metrics.functionThrottles(name)],
    threshold: 1,
    of: [2, 5],
  };
}
