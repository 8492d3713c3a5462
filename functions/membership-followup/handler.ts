import { busConsumer } from '../../shared/messages/consumer.ts';
import { unsubscribeFromTeam } from '../../shared/operations/directory/unsubscribe-from-team.ts';
import { wireChance, wireTable, wireTelemetry } from '../../shared/wiring.ts';

const deps = { ...wireTable(), ...wireChance(), ...wireTelemetry() };

/** Ends the subscriptions that members had to issues of a team that they have left. */
export const handler = busConsumer(({ detail }) => {
  const { teamId, userId } = detail.data as { teamId: string; userId: string };
  return unsubscribeFromTeam(deps, { organizationId: detail.organizationId, teamId, userId });
}, deps.log);
