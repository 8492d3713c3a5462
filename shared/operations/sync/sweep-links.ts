import type { LinkStore, WatchedLink } from '../../stores/sync/links.ts';
import type { Clock, Count } from '../deps.ts';
import type { SendFifo } from './fan-out.ts';
import type { LinkRequest } from './link-facts.ts';

export type SweepLinksDeps = {
  readonly links: Pick<LinkStore, 'watched'>;
  readonly sendOutbound: SendFifo;
  readonly clock: Clock;
  readonly count: Count;
};

const PAGE_SIZE = 100;

/**
 * Has every watched link looked at: those that could not be brought up to date, and those that were
 * alive in the last days, whose webhooks may have been lost. Goes on until `hasTime` says no; those
 * at the end, whose watch lasts longest, then wait for the next run. Answers how many it was.
 */
export async function sweepLinks(
  deps: SweepLinksDeps,
  input: { readonly requestId: string; readonly hasTime: () => boolean },
): Promise<number> {
  const now = deps.clock();
  let after: Record<string, unknown> | undefined;
  let swept = 0;
  do {
    const page = await deps.links.watched({
      now,
      limit: PAGE_SIZE,
      ...(after === undefined ? {} : { after }),
    });
    await deps.sendOutbound(page.links.map((link) => lookAt(link, input.requestId)));
    swept += page.links.length;
    after = page.next;
  } while (after !== undefined && input.hasTime());
  deps.count('sync.swept', {}, swept);
  return swept;
}

function lookAt({ groupId, linkId }: WatchedLink, requestId: string) {
  const body: LinkRequest = { groupId, linkId, verify: true, onDrift: 'adopt', requestId };
  return { messageGroupId: linkId, deduplicationId: `${requestId}#${linkId}`, body };
}
