import { busConsumer } from '../../shared/messages/bus-consumer.ts';
import { fanOut } from '../../shared/operations/sync/sync-fan-out.ts';
import {
  wireConsumer,
  wireInboundLanes,
  wireOutboundLanes,
  wireTable,
} from '../../shared/wiring.ts';

const deps = {
  ...wireTable(),
  ...wireConsumer(),
  sendOutbound: wireOutboundLanes(),
  sendInbound: wireInboundLanes(),
};

/** Makes of an event one message for each link, or external issue, that it concerns. */
export const handler = busConsumer(deps, 'sync-fanout', (event) => fanOut(deps, event));
