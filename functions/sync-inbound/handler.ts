import { fifoWorker } from '../../shared/messages/fifo-worker.ts';
import { readReceivedWebhook } from '../../shared/messages/sync-requests.ts';
import { syncInbound } from '../../shared/operations/sync/inbound.ts';
import { wireSyncInbound } from './deps.ts';

const deps = wireSyncInbound();

/** Applies webhooks, one after the other for each external issue. */
export const handler = fifoWorker(deps, readReceivedWebhook, ({ body }) => syncInbound(deps, body));
