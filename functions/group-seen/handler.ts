import { seenConsumer } from '../../shared/messages/seen-consumer.ts';
import { recordSeen } from '../../shared/operations/ingest/record-seen.ts';
import { createRuleReader } from '../../shared/operations/ownership/rule-reader.ts';
import {
  wireCache,
  wireClockAndIds,
  wireConsumer,
  wireSequence,
  wireTable,
} from '../../shared/wiring.ts';

const stores = wireTable();
const cache = wireCache();
const wired = { ...stores, ...cache, ...wireClockAndIds(), ...wireConsumer() };
const deps = {
  ...wired,
  sequence: wireSequence(stores, cache),
  ruleReader: createRuleReader(wired),
};

/** Counts events that happened, batch by batch, and lets their issues find owners. */
export const handler = seenConsumer(deps, (messages, context) =>
  recordSeen(deps, messages, context.awsRequestId),
);
