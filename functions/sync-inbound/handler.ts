import { fifoWorker } from '../../shared/messages/fifo-worker.ts';
import { readReceivedWebhook } from '../../shared/messages/sync-requests.ts';
import { syncInbound } from '../../shared/operations/sync/inbound.ts';
import {
  wireClockAndIds,
  wireFifoWorker,
  wireTable,
  wireTelemetry,
  wireTrackers,
} from '../../shared/wiring.ts';

const table = wireTable();
const deps = {
  ...table,
  ...wireClockAndIds(),
  ...wireTelemetry(),
  ...wireFifoWorker(),
  trackers: wireTrackers(table),
};

/** Applies webhooks, one after the other for each external issue. */
export const handler = fifoWorker(deps, readReceivedWebhook, ({ body }) => syncInbound(deps, body));
