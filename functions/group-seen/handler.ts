import { batchConsumer } from '../../shared/messages/batch-consumer.ts';
import { recordSeen } from '../../shared/operations/ingest/record-seen.ts';
import { createRuleReader } from '../../shared/operations/ownership/ownership-rules.ts';
import {
  wireCache,
  wireChance,
  wireSequence,
  wireTable,
  wireTelemetry,
} from '../../shared/wiring.ts';

const stores = wireTable();
const cache = wireCache();
const wired = { ...stores, ...cache, ...wireChance(), ...wireTelemetry() };
const deps = {
  ...wired,
  sequence: wireSequence(stores, cache),
  ruleReader: createRuleReader(wired),
};

/** Counts events that happened, batch by batch, and lets their issues find owners. */
export const handler = batchConsumer(
  (messages, context) => recordSeen(deps, messages, context.awsRequestId),
  deps.log,
);
