import { fifoWorker } from '../../shared/messages/fifo-worker.ts';
import { readLinkRequest } from '../../shared/messages/sync-requests.ts';
import { syncOutbound } from '../../shared/operations/sync/outbound.ts';
import { wireSyncOutbound } from './deps.ts';

const deps = wireSyncOutbound();

/** Brings links to external issues up to date, one after the other for each link. */
export const handler = fifoWorker(deps, readLinkRequest, ({ body, receives, hasTime }) =>
  syncOutbound(deps, { ...body, receives, hasTime }),
);
