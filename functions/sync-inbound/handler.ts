import { laneWorker } from '../../shared/messages/lane-worker.ts';
import { readReceivedWebhook } from '../../shared/messages/sync-requests.ts';
import { syncInbound } from '../../shared/operations/sync/sync-inbound.ts';
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

/** Applies webhooks, one after the other for each external issue. */
export const handler = laneWorker(deps, readReceivedWebhook, ({ body }) => syncInbound(deps, body));
