import {
  wireBackoff,
  wireClockAndIds,
  wireOutboundQueue,
  wireTable,
  wireTelemetry,
} from '../../shared/wiring.ts';

/** The dependencies of sweeper. */
export function wireSweeper() {
  return {
    ...wireTable(),
    ...wireClockAndIds(),
    ...wireTelemetry(),
    ...wireBackoff(),
    sendOutbound: wireOutboundQueue(),
  };
}
