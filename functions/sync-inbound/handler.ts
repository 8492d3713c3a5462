import { laneWorker } from '../../shared/messages/lane-worker.ts';
import type { ReceivedWebhook } from '../../shared/operations/sync/sync-fan-out.ts';
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
export const handler = laneWorker<ReceivedWebhook>(deps, ({ body }) => syncInbound(deps, body));
