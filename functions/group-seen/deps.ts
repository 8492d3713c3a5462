import { createRuleReader } from '../../shared/operations/ownership/rule-reader.ts';
import {
  wireCache,
  wireClockAndIds,
  wireConsumer,
  wireSeenTable,
  wireSequence,
} from '../../shared/wiring.ts';

/** The dependencies of group-seen. */
export function wireGroupSeen() {
  const stores = wireSeenTable();
  const cache = wireCache();
  const wired = { ...stores, ...cache, ...wireClockAndIds(), ...wireConsumer() };
  return {
    ...wired,
    sequence: wireSequence(stores, cache),
    ruleReader: createRuleReader(wired),
  };
}
