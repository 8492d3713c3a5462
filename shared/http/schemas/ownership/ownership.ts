import * as v from 'valibot';
import { isDigits } from '../../../domain/digits.ts';
import { forbidden, notFound } from '../../../domain/errors.ts';
import { readCommit, type SuspectCommit } from '../../../domain/ingest/seen-event.ts';
import { parseAutoAssignment } from '../../../domain/ownership/settings.ts';
import type { SaveOwnershipInput } from '../../../operations/ownership/save-ownership.ts';
import { boolean, dictionary, maybe, nullable, parseBody, text } from '../../fields.ts';
import { writtenText } from '../written-text.ts';
import { ruleTests, skipTests, toRuleTests } from './rule-test.ts';

/** The body of a change of a project's ownership. */
export const ownershipChange = dictionary({
  raw: maybe(nullable(writtenText())),
  fallthrough: maybe(boolean()),
  autoAssignment: maybe(v.unknown()),
  codeownersAutoSync: maybe(boolean()),
  tests: maybe(ruleTests),
  skipTests,
});

/** The body of a request to restore a version. */
export const restoration = dictionary({ force: maybe(boolean()), skipTests });

const LONGEST_PLATFORM = 200;

/** The body of a request to evaluate an event. */
export const evaluation = dictionary({
  event: v.unknown(),
  platform: maybe(nullable(text({ maxLength: LONGEST_PLATFORM, blank: true }))),
  commit: maybe(v.unknown()),
});

/** An event to be evaluated against the rules. */
export type EvaluationRequest = {
  /** Any JSON; a part that is no part of an event matches no rule. */
  readonly event: unknown;
  readonly platform: string | null;
  readonly commits: readonly SuspectCommit[];
};

/**
 * Reads the changes of a project's ownership. A caller who may only read the project may save its
 * rules alone. Throws `access.forbidden` for any other field then, else `request.invalid` with the
 * messages of every wrong field.
 */
export function parseOwnershipChange(body: unknown, mayWrite: boolean): RequestedChange {
  if (!mayWrite && !isRulesOnly(body)) {
    throw forbidden();
  }
  const {
    autoAssignment,
    tests,
    skipTests: isSkipped = false,
    ...change
  } = parseBody(ownershipChange, body);
  return {
    change: {
      ...change,
      ...(autoAssignment === undefined ? {} : parseAutoAssignment(autoAssignment)),
      ...(tests === undefined ? {} : { tests: toRuleTests(tests) }),
    },
    skipTests: isSkipped,
  };
}

/** What a body asks for, and whether it is saved although tests fail. */
export type RequestedChange = Pick<SaveOwnershipInput, 'change'> & { readonly skipTests: boolean };

/** Reads what a request to restore a version says. Throws `request.invalid`. */
export function parseRestoration(body: unknown): {
  readonly force: boolean;
  readonly skipTests: boolean;
} {
  const { force = false, skipTests: isSkipped = false } = parseBody(restoration, body);
  return { force, skipTests: isSkipped };
}

function isRulesOnly(body: unknown): boolean {
  const isObject = typeof body === 'object' && body !== null;
  return isObject && Object.keys(body).join() === 'raw';
}

/** Reads the event to be evaluated. Throws `request.invalid` for a body without one. */
export function parseEvaluation(body: unknown): EvaluationRequest {
  const { event, platform, commit } = parseBody(evaluation, body);
  const suspect = readCommit(commit);
  return { event, platform: platform || null, commits: suspect === null ? [] : [suspect] };
}

const MOST_DIGITS = 12;

/** The number of a version. Throws `resource.not_found` for a text that is none. */
export function versionIn(text: string): number {
  if (!isDigits(text) || text.length > MOST_DIGITS) {
    throw notFound();
  }
  return Number(text);
}
