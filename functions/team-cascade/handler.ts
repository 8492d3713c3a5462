import { busConsumer } from '../../shared/messages/bus-consumer.ts';
import { followTeam } from '../../shared/operations/cascades/follow-team.ts';
import { createRuleReader } from '../../shared/operations/ownership/rule-reader.ts';
import { wireClockAndIds, wireConsumer, wireTable } from '../../shared/wiring.ts';

const wired = { ...wireTable(), ...wireClockAndIds(), ...wireConsumer() };
const deps = { ...wired, ruleReader: createRuleReader({ ...wired, ownershipCache: null }) };
/** What one page, and passing the work on, may still need when the function's time runs out. */
const RESERVE_MS = 20_000;
/** The index shows what was written within milliseconds; this is many times as long. */
const PAUSE_MS = 2_000;

/** Lets go of what teams held and owned that were deleted, or have left a project. */
export const handler = busConsumer(deps, 'team-cascade', (event, context) => {
  const hasTime = () => context.getRemainingTimeInMillis() > RESERVE_MS;
  return followTeam(deps, event, { hasTime, pauseMs: PAUSE_MS });
});
