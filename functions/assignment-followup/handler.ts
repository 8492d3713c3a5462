import { busConsumer } from '../../shared/messages/bus-consumer.ts';
import { followUpAssignment } from '../../shared/operations/issues/follow-up-assignment.ts';
import { wireClockAndIds, wireConsumer, wireTable } from '../../shared/wiring.ts';

const deps = { ...wireTable(), ...wireClockAndIds(), ...wireConsumer() };

/** Completes the subscriptions of assignments whose teams were too large for one transaction. */
export const handler = busConsumer(deps, 'assignment-followup', ({ detail }) =>
  followUpAssignment(deps, detail),
);
