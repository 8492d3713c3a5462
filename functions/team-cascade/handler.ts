import type { Team } from '../../shared/domain/directory.ts';
import { busConsumer } from '../../shared/messages/consumer.ts';
import { cascadeTeam } from '../../shared/operations/cascades/cascade-team.ts';
import { wireChance, wireTable, wireTelemetry } from '../../shared/wiring.ts';

const deps = { ...wireTable(), ...wireChance(), ...wireTelemetry() };
/** What one page, and handing over, may still need when the function's time runs out. */
const reserveMs = 20_000;
/** The index shows what was written within milliseconds; this is many times as long. */
const pauseMs = 2_000;

/** Lets go of what deleted teams held. */
export const handler = busConsumer(({ detail }, context) => {
  const { organizationId, requestId, data } = detail;
  const { teamId, ...told } = data as { teamId: string } & Omit<Team, 'id' | 'organizationId'>;
  return cascadeTeam(deps, {
    team: { id: teamId, organizationId, ...told },
    requestId,
    hasTime: () => context.getRemainingTimeInMillis() > reserveMs,
    pauseMs,
  });
}, deps.log);
