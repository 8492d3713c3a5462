import { fifoWorker } from '../../shared/messages/fifo-worker.ts';
import { readLinkRequest } from '../../shared/messages/sync-requests.ts';
import { syncOutbound } from '../../shared/operations/sync/outbound.ts';
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

/** Brings links to external issues up to date, one after the other for each link. */
export const handler = fifoWorker(deps, readLinkRequest, ({ body, receives, hasTime }) =>
  syncOutbound(deps, { ...body, receives, hasTime }),
);
