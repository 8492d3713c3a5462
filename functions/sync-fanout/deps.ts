import {
  wireClockAndIds,
  wireConsumer,
  wireInboundQueue,
  wireOutboundQueue,
  wireSecrets,
  wireTable,
} from '../../shared/wiring.ts';

/** The dependencies of sync-fanout. */
export function wireSyncFanout() {
  return {
    ...wireTable(),
    ...wireClockAndIds(),
    ...wireConsumer(),
    secrets: wireSecrets(),
    sendOutbound: wireOutboundQueue(),
    sendInbound: wireInboundQueue(),
  };
}
