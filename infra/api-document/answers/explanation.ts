import * as v from 'valibot';
import { actor } from './actor.ts';
import { count, time } from './parts.ts';

const source = v.picklist(['ownership_rule', 'codeowners']);

const rule = v.strictObject({
  rule: v.string(),
  source,
  frameIndex: v.nullable(count),
  frame: v.nullable(
    v.strictObject({ filename: v.nullable(v.string()), module: v.nullable(v.string()) }),
  ),
  excluded: v.boolean(),
  owners: v.array(v.strictObject({ actor: v.nullable(actor), identifier: v.string() })),
  rank: count,
});

/** Why an event, or an issue, has the owner it has. */
export const explanation = v.strictObject({
  rules: v.array(rule),
  winner: v.nullable(v.strictObject({ rule: v.string(), source, actor: v.nullable(actor) })),
  owners: v.array(
    v.strictObject({
      type: v.picklist(['suspectCommit', 'ownershipRule', 'codeowners']),
      owner: v.nullable(v.string()),
      rule: v.nullable(v.string()),
      date_added: time,
    }),
  ),
  gates: v.array(
    v.strictObject({
      gate: v.picklist(['manual', 'assignee', 'debounce', 'rateLimit', 'setting', 'killSwitch']),
      stopped: v.boolean(),
      detail: v.string(),
    }),
  ),
  assignee: v.nullable(actor),
});
