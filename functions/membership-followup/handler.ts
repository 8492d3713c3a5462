import { busConsumer } from '../../shared/messages/bus-consumer.ts';
import { unsubscribeFromTeam } from '../../shared/operations/directory/unsubscribe-from-team.ts';
import { wireClockAndIds, wireConsumer, wireTable } from '../../shared/wiring.ts';

const deps = { ...wireTable(), ...wireClockAndIds(), ...wireConsumer() };

/** Ends the subscriptions that members had to issues of a team that they have left. */
export const handler = busConsumer(deps, 'membership-followup', ({ detail }) =>
  unsubscribeFromTeam(deps, { organizationId: detail.organizationId, ...detail.data }),
);
