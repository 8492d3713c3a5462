import {
  wireClockAndIds,
  wireFifoWorker,
  wireTable,
  wireTelemetry,
  wireTrackers,
} from '../../shared/wiring.ts';

/** The dependencies of sync-inbound. */
export function wireSyncInbound() {
  const table = wireTable();
  return {
    ...table,
    ...wireClockAndIds(),
    ...wireTelemetry(),
    ...wireFifoWorker(),
    trackers: wireTrackers(table),
  };
}
