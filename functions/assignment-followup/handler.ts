import { busConsumer } from '../../shared/messages/consumer.ts';
import { followUpAssignment } from '../../shared/operations/issues/follow-up-assignment.ts';
import { wireChance, wireTable, wireTelemetry } from '../../shared/wiring.ts';

const deps = { ...wireTable(), ...wireChance(), ...wireTelemetry() };

/** Completes the subscriptions of assignments whose teams were too large for one transaction. */
export const handler = busConsumer((event) => followUpAssignment(deps, event.detail), deps.log);
