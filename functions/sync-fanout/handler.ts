import { busConsumer } from '../../shared/messages/consumer.ts';
import { fanOut } from '../../shared/operations/sync/sync-fan-out.ts';
import {
  wireInboundLanes,
  wireOutboundLanes,
  wireTable,
  wireTelemetry,
} from '../../shared/wiring.ts';

const deps = {
  ...wireTable(),
  ...wireTelemetry(),
  sendOutbound: wireOutboundLanes(),
  sendInbound: wireInboundLanes(),
};

/** Makes of an event one message for each link, or external issue, that it concerns. */
export const handler = busConsumer((event) => fanOut(deps, event), deps.log);
