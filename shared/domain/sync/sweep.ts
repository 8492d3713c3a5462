import type { Provider } from './external-issue.ts';
import { type IssueLink, WATCH_MS, WATCHED_FOR_EVER } from './issue-link.ts';

/**
 * What the sweeper looks at, and how often. Links that are known to be behind are looked at by
 * every run, every 15 minutes. Links at rest are looked at once a round, because their tracker may
 * have lost a webhook: a round is four runs, an hour.
 */

/** A partition of the index of watched links. */
export type SweepPartition = { readonly state: 'behind' | 'atRest'; readonly shard: number };

const BEHIND_SHARDS = 4;

/** Shards of the links at rest. A quarter of them is due in each run of an hourly round. */
const AT_REST_SHARDS = 16;

const RUN_MS = 15 * 60 * 1_000;

/**
 * The partition that a link is in. Ids of links are decimal numbers of evenly spread digits.
 */
export function sweepPartitionOf({
  id,
  watchUntil,
}: Pick<IssueLink, 'id' | 'watchUntil'>): SweepPartition {
  const spread = Number(id.slice(-4));
  return watchUntil === WATCHED_FOR_EVER
    ? { state: 'behind', shard: spread % BEHIND_SHARDS }
    : { state: 'atRest', shard: spread % AT_REST_SHARDS };
}

/**
 * The partitions that a run at `nowMs` looks at, in this order: what is behind comes first.
 * @param roundRuns the runs in which every link at rest is looked at once; a divisor of 16
 */
export function partitionsDue(nowMs: number, roundRuns: number): SweepPartition[] {
  const run = Math.floor(nowMs / RUN_MS) % roundRuns;
  return [
    ...shards(BEHIND_SHARDS).map((shard) => ({ state: 'behind', shard }) as const),
    ...shards(AT_REST_SHARDS)
      .filter((shard) => shard % roundRuns === run)
      .map((shard) => ({ state: 'atRest', shard }) as const),
  ];
}

function shards(count: number): number[] {
  return Array.from({ length: count }, (_, shard) => shard);
}

/**
 * How many links of one integration a run looks at. It leaves four fifths of what the tracker
 * grants in an hour to changes: GitHub grants an installation 5,000 requests, GitLab.com a user
 * 2,000 a minute; Jira and Azure DevOps count by cost and say no earlier, and Redmine has no limit
 * but its machine.
 */
export function looksPerRun(provider: Provider): number {
  return LOOKS_PER_RUN[provider];
}

const LOOKS_PER_RUN: Readonly<Record<Provider, number>> = {
  github: 250,
  gitlab: 1_000,
  jira: 250,
  azure: 250,
  redmine: 250,
};

/**
 * Where in the order of a partition at rest a run begins, as an ISO 8601 time: each round somewhere
 * else, so that the budget of an integration with very many links reaches all of them in turn. The
 * golden ratio spreads any number of rounds evenly.
 */
export function sweepStart(nowMs: number, roundRuns: number): string {
  const round = Math.floor(nowMs / (RUN_MS * roundRuns));
  const share = (round * 0.618_033_988_75) % 1;
  return new Date(nowMs + Math.floor(share * WATCH_MS)).toISOString();
}
