import { laneWorker } from '../../shared/messages/lane-worker.ts';
import { readLinkRequest } from '../../shared/messages/sync-requests.ts';
import { syncOutbound } from '../../shared/operations/sync/sync-outbound.ts';
import {
  wireChance,
  wireLaneWorker,
  wireTable,
  wireTelemetry,
  wireTrackers,
} from '../../shared/wiring.ts';

const table = wireTable();
const deps = {
  ...table,
  ...wireChance(),
  ...wireTelemetry(),
  ...wireLaneWorker(),
  trackers: wireTrackers(table),
};

/** Brings links to external issues up to date, one after the other for each link. */
export const handler = laneWorker(deps, readLinkRequest, ({ body, receives, hasTime }) =>
  syncOutbound(deps, { ...body, receives, hasTime }),
);
