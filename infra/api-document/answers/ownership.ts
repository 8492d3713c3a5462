import * as v from 'valibot';
import { count, id, time } from './parts.ts';

/** Rules as data. Only owners that resolve are shown. */
const schema = v.strictObject({
  $version: v.literal(1),
  rules: v.array(
    v.strictObject({
      matcher: v.strictObject({ type: v.string(), pattern: v.string() }),
      owners: v.array(v.strictObject({ type: v.picklist(['user', 'team']), name: v.string(), id })),
    }),
  ),
});

/** What is wrong with a word of the rules. Lines and columns count from 1. */
const diagnostic = v.strictObject({
  source: v.string(),
  line: count,
  column: count,
  kind: v.string(),
  message: v.string(),
  suggestion: v.nullable(v.string()),
});

const diagnostics = {
  diagnostics: v.array(diagnostic),
  diagnosticsTruncated: v.optional(v.literal(true)),
};

/** A project's ownership rules and the settings of its auto-assignment. */
export const ownership = v.strictObject({
  raw: v.nullable(v.string()),
  fallthrough: v.boolean(),
  autoAssignment: v.string(),
  isActive: v.boolean(),
  dateCreated: v.nullable(time),
  lastUpdated: v.nullable(time),
  codeownersAutoSync: v.boolean(),
  schema: v.nullable(schema),
  ...diagnostics,
});

/** A CODEOWNERS file; `schema` is null where it is too long for an answer. */
export const codeowners = v.strictObject({
  id,
  raw: v.string(),
  codeMapping: v.strictObject({ sourceRoot: v.string(), stackRoot: v.string() }),
  schema: v.nullable(schema),
  errors: v.strictObject({
    missing_user_emails: v.array(v.string()),
    missing_external_users: v.array(v.string()),
    missing_external_teams: v.array(v.string()),
    teams_without_access: v.array(v.string()),
    users_without_access: v.array(v.string()),
  }),
  ...diagnostics,
  dateCreated: time,
  dateUpdated: time,
});
