import * as v from 'valibot';
import { actor } from './actor.ts';
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

/** A test beside the rules. */
const ruleTest = v.strictObject({
  name: v.string(),
  event: v.unknown(),
  platform: v.nullable(v.string()),
  expect: v.nullable(v.string()),
});

/** What became of a test. */
const testResult = v.strictObject({
  name: v.string(),
  passed: v.boolean(),
  expected: v.nullable(v.string()),
  got: v.nullable(v.string()),
});

const failedTests = v.optional(v.array(testResult));

/** A project's ownership rules and the settings of its auto-assignment. */
export const ownership = v.strictObject({
  raw: v.nullable(v.string()),
  fallthrough: v.boolean(),
  autoAssignment: v.string(),
  isActive: v.boolean(),
  dateCreated: v.nullable(time),
  lastUpdated: v.nullable(time),
  codeownersAutoSync: v.boolean(),
  tests: v.array(ruleTest),
  schema: v.nullable(schema),
  ...diagnostics,
  failedTests,
  leftOut: v.optional(
    v.array(v.strictObject({ line: count, rule: v.string(), owners: v.array(v.string()) })),
  ),
});

const codeMapping = v.strictObject({ sourceRoot: v.string(), stackRoot: v.string() });

/** What rules that are not saved would do; `by` is null where somebody's choice stands. */
export const rulesPreview = v.strictObject({
  checked: count,
  unchanged: count,
  moved: v.array(
    v.strictObject({
      issue: id,
      shortId: v.string(),
      from: v.nullable(actor),
      to: actor,
      rule: v.nullable(v.string()),
      by: v.nullable(v.picklist(['event', 'reconcile'])),
    }),
  ),
  unowned: v.array(id),
  withoutEvent: count,
  tests: v.array(testResult),
  ...diagnostics,
  truncated: v.boolean(),
});

/** A version of a project's rules in a list. */
export const rulesVersion = v.strictObject({
  version: count,
  savedAt: time,
  savedBy: v.nullable(actor),
  changed: v.array(v.string()),
});

/** All of a version; `diff` is there where another version was named. */
export const keptRules = v.strictObject({
  ...rulesVersion.entries,
  raw: v.nullable(v.string()),
  fallthrough: v.boolean(),
  autoAssignment: v.string(),
  codeownersAutoSync: v.boolean(),
  tests: v.array(ruleTest),
  codeowners: v.array(
    v.strictObject({ id, raw: v.string(), codeMapping, dateCreated: time, dateUpdated: time }),
  ),
  against: v.optional(count),
  diff: v.optional(
    v.array(
      v.strictObject({
        source: v.string(),
        lines: v.array(
          v.strictObject({ kind: v.picklist(['removed', 'added']), line: count, text: v.string() }),
        ),
      }),
    ),
  ),
  diffTruncated: v.optional(v.literal(true)),
});

/** A CODEOWNERS file; `schema` is null where it is too long for an answer. */
export const codeowners = v.strictObject({
  id,
  raw: v.string(),
  codeMapping,
  schema: v.nullable(schema),
  errors: v.strictObject({
    missing_user_emails: v.array(v.string()),
    missing_external_users: v.array(v.string()),
    missing_external_teams: v.array(v.string()),
    teams_without_access: v.array(v.string()),
    users_without_access: v.array(v.string()),
  }),
  ...diagnostics,
  failedTests,
  dateCreated: time,
  dateUpdated: time,
});
