import {
  wireClockAndIds,
  wireFifoWorker,
  wireTable,
  wireTelemetry,
  wireTrackers,
} from '../../shared/wiring.ts';

/** The dependencies of sync-outbound. */
export function wireSyncOutbound() {
  const table = wireTable();
  return {
    ...table,
    ...wireClockAndIds(),
    ...wireTelemetry(),
    ...wireFifoWorker(),
    trackers: wireTrackers(table),
  };
}
