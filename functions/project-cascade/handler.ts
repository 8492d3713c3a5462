import { busConsumer } from '../../shared/messages/consumer.ts';
import { cascadeIssue } from '../../shared/operations/cascades/cascade-issue.ts';
import { cascadeMerge } from '../../shared/operations/cascades/cascade-merge.ts';
import { cascadeProject } from '../../shared/operations/cascades/cascade-project.ts';
import { wireCache, wireChance, wireTable, wireTelemetry } from '../../shared/wiring.ts';

const deps = { ...wireTable(), ...wireCache(), ...wireChance(), ...wireTelemetry() };
/** What one page, and handing over, may still need when the function's time runs out. */
const reserveMs = 20_000;
/** The index shows what was written within milliseconds; this is many times as long. */
const pauseMs = 2_000;

/** Removes what was deleted, projects turn by turn and single issues, and what was merged into another issue. */
export const handler = busConsumer(({ type, detail }, context) => {
  const { organizationId, projectId, groupId = '', version, requestId, data } = detail;
  const hasTime = () => context.getRemainingTimeInMillis() > reserveMs;
  switch (type) {
    case 'issue.deletion_requested':
      return cascadeIssue(deps, { groupId, requestId, hasTime });
    case 'issue.merged': {
      const childIds = data.children as string[];
      const merged = { organizationId, projectId, primaryId: groupId, childIds, version };
      return cascadeMerge(deps, { ...merged, requestId, hasTime });
    }
    default: {
      const turn = Number(data.turn ?? 0);
      return cascadeProject(deps, { projectId, turn, requestId, hasTime, pauseMs });
    }
  }
}, deps.log);
