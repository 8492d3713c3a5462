import type { BackoffSchedule } from '../../domain/sync/backoff.ts';
import { WATCHED_FOR_EVER } from '../../domain/sync/issue-link.ts';
import {
  looksPerRun,
  partitionsDue,
  type SweepPartition,
  sweepStart,
} from '../../domain/sync/sweep.ts';
import type { LinkStore, WatchedLink } from '../../stores/sync/links.ts';
import type { Clock, Count } from '../deps.ts';
import type { SendFifo } from './fan-out.ts';
import type { LinkRequest } from './link-facts.ts';

export type SweepLinksDeps = {
  readonly links: Pick<LinkStore, 'watched'>;
  readonly sendOutbound: SendFifo;
  readonly backoff: Pick<BackoffSchedule, 'sweepRoundRuns'>;
  readonly clock: Clock;
  readonly count: Count;
};

/**
 * Links that a run had looked at, and links that were left because their integration's budget was
 * used up.
 */
export type Sweep = { readonly behind: number; readonly atRest: number; readonly left: number };

const PAGE_SIZE = 100;

/** Sorts after every key of a link whose watch never ends. */
const END = `${WATCHED_FOR_EVER}~`;

/** A part of a partition, in the order of the index. */
type Range = {
  readonly partition: SweepPartition | 'before';
  readonly from: string;
  readonly to: string;
};

/**
 * One run of the sweeper: sends a request to look at every link that is known to be behind, and
 * then at those links at rest that are due in this run. No integration is asked about more links
 * than its tracker's limit bears. Ends early when `hasTime` says no. Counts what it did as
 * `sync.swept`, the links that are behind as `sync.links_behind`, and those that were left as
 * `sync.sweep_left`.
 */
export async function sweepLinks(
  deps: SweepLinksDeps,
  input: { readonly requestId: string; readonly hasTime: () => boolean },
): Promise<Sweep> {
  // One number for each integration that has links in this run.
  const looks = new Map<string, number>();
  const done = { behind: 0, atRest: 0, left: 0 };
  for await (const { range, links } of pagesDue(deps, input.hasTime)) {
    const within = links.filter((link) => takeLook(looks, link));
    await deps.sendOutbound(within.map((link) => lookAt(link, input.requestId)));
    done[isBehind(range) ? 'behind' : 'atRest'] += within.length;
    done.left += links.length - within.length;
  }
  deps.count('sync.swept', {}, done.behind + done.atRest);
  deps.count('sync.links_behind', {}, done.behind);
  deps.count('sync.sweep_left', {}, done.left);
  return done;
}

async function* pagesDue(deps: SweepLinksDeps, hasTime: () => boolean) {
  const now = deps.clock();
  for (const range of rangesDue(now, deps.backoff.sweepRoundRuns)) {
    let after: Record<string, unknown> | undefined;
    do {
      if (!hasTime()) {
        return;
      }
      const page = await deps.links.watched({
        ...range,
        limit: PAGE_SIZE,
        ...(after === undefined ? {} : { after }),
      });
      yield { range, links: page.links };
      after = page.next;
    } while (after !== undefined);
  }
}

/** A partition at rest is read from this round's start to its end, and then up to the start. */
function rangesDue(now: string, roundRuns: number): Range[] {
  const nowMs = Date.parse(now);
  const start = sweepStart(nowMs, roundRuns);
  const partitions = partitionsDue(nowMs, roundRuns);
  const whole = (partition: Range['partition']) => ({ partition, from: now, to: END });
  const behind = partitions.filter(({ state }) => state === 'behind').map(whole);
  const atRest = partitions.filter(({ state }) => state === 'atRest');
  return [
    ...behind,
    whole('before'),
    ...atRest.map((partition) => ({ partition, from: start, to: END })),
    ...atRest.map((partition) => ({ partition, from: now, to: start })),
  ];
}

function isBehind({ partition }: Range): boolean {
  return partition !== 'before' && partition.state === 'behind';
}

/** Whether the integration of a link may be asked about one more. */
function takeLook(looks: Map<string, number>, { integrationId, provider }: WatchedLink): boolean {
  const taken = looks.get(integrationId) ?? 0;
  if (taken >= looksPerRun(provider)) {
    return false;
  }
  looks.set(integrationId, taken + 1);
  return true;
}

function lookAt({ groupId, linkId }: WatchedLink, requestId: string) {
  const body: LinkRequest = { groupId, linkId, verify: true, onDrift: 'adopt', requestId };
  return { messageGroupId: linkId, deduplicationId: `${requestId}#${linkId}`, body };
}
