import { busConsumer } from '../../shared/messages/consumer.ts';
import { cascadeIssue } from '../../shared/operations/cascade-issue.ts';
import { cascadeProject } from '../../shared/operations/cascade-project.ts';
import { wireCache, wireChance, wireTable, wireTelemetry } from '../../shared/wiring.ts';

const deps = { ...wireTable(), ...wireCache(), ...wireChance(), ...wireTelemetry() };
/** What one page, and handing over, may still need when the function's time runs out. */
const reserveMs = 20_000;
/** The index shows what was written within milliseconds; this is many times as long. */
const pauseMs = 2_000;

/** Removes what was deleted: projects, turn by turn, and single issues. */
export const handler = busConsumer(({ type, detail }, context) => {
  const { projectId, groupId = '', requestId, data } = detail;
  const hasTime = () => context.getRemainingTimeInMillis() > reserveMs;
  if (type === 'issue.deletion_requested')
    return cascadeIssue(deps, { groupId, requestId, hasTime });
  const turn = Number(data.turn ?? 0);
  return cascadeProject(deps, { projectId, turn, requestId, hasTime, pauseMs });
}, deps.log);
