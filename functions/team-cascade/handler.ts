import { busConsumer } from '../../shared/messages/bus-consumer.ts';
import { cascadeTeam } from '../../shared/operations/cascades/cascade-team.ts';
import { wireClockAndIds, wireConsumer, wireTable } from '../../shared/wiring.ts';

const deps = { ...wireTable(), ...wireClockAndIds(), ...wireConsumer() };
/** What one page, and handing over, may still need when the function's time runs out. */
const RESERVE_MS = 20_000;
/** The index shows what was written within milliseconds; this is many times as long. */
const PAUSE_MS = 2_000;

/** Lets go of what deleted teams held. */
export const handler = busConsumer(deps, 'team-cascade', ({ detail }, context) => {
  const { organizationId, requestId, data } = detail;
  const { teamId, ...rest } = data;
  return cascadeTeam(deps, {
    team: { id: teamId, organizationId, ...rest },
    requestId,
    hasTime: () => context.getRemainingTimeInMillis() > RESERVE_MS,
    pauseMs: PAUSE_MS,
  });
});
