import { busConsumer } from '../../shared/messages/consumer.ts';
import { cascadeProject } from '../../shared/operations/cascade-project.ts';
import { wireCache, wireChance, wireTable, wireTelemetry } from '../../shared/wiring.ts';

const deps = { ...wireTable(), ...wireCache(), ...wireChance(), ...wireTelemetry() };
/** What one page, and handing over, may still need when the function's time runs out. */
const reserveMs = 20_000;
/** The index shows what was written within milliseconds; this is many times as long. */
const pauseMs = 2_000;

/** Removes what was deleted: projects, turn by turn. */
export const handler = busConsumer(
  ({ detail }, context) =>
    cascadeProject(deps, {
      projectId: detail.projectId,
      turn: Number(detail.data.turn ?? 0),
      requestId: detail.requestId,
      hasTime: () => context.getRemainingTimeInMillis() > reserveMs,
      pauseMs,
    }),
  deps.log,
);
