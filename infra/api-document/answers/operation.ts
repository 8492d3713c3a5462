import * as v from 'valibot';
import { operationKinds, operationStates } from '../../../shared/domain/bulk/operation.ts';
import { issueOutcomes, outcomeReasons } from '../../../shared/domain/bulk/outcome.ts';
import { actor } from './actor.ts';
import { issueOf, notedState } from './dry-run.ts';
import { id, time } from './parts.ts';

/** An operation over many issues, and how far it is. */
export const operation = v.strictObject({
  id,
  kind: v.picklist(operationKinds),
  plan: v.nullable(id),
  note: v.nullable(v.string()),
  dryRun: v.boolean(),
  state: v.picklist(operationStates),
  requested: v.number(),
  applied: v.number(),
  unchanged: v.number(),
  drifted: v.number(),
  skipped: v.number(),
  failed: v.number(),
  createdBy: v.nullable(actor),
  createdAt: time,
  startedAt: v.nullable(time),
  finishedAt: v.nullable(time),
});

/** What became of an issue of an operation. */
export const operationIssue = v.strictObject({
  issue: issueOf,
  outcome: v.picklist(issueOutcomes),
  reason: v.nullable(v.picklist(outcomeReasons)),
  before: v.nullable(notedState),
  after: v.nullable(notedState),
});
