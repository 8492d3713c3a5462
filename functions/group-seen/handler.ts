import { seenConsumer } from '../../shared/messages/seen-consumer.ts';
import { recordSeen } from '../../shared/operations/ingest/record-seen.ts';
import { wireGroupSeen } from './deps.ts';

const deps = wireGroupSeen();

/** Counts events that happened, batch by batch, and lets their issues find owners. */
export const handler = seenConsumer(deps, (messages, context) =>
  recordSeen(deps, messages, context.awsRequestId),
);
