import * as v from 'valibot';
import { forbidden } from '../../../domain/errors.ts';
import { readCommit, type SuspectCommit } from '../../../domain/ingest/seen-event.ts';
import type { OwnershipChange } from '../../../domain/ownership/project-ownership.ts';
import { parseAutoAssignment } from '../../../domain/ownership/settings.ts';
import { boolean, dictionary, maybe, nullable, parseBody, text } from '../../fields.ts';
import { writtenText } from '../written-text.ts';

/** The body of a change of a project's ownership. */
export const ownershipChange = dictionary({
  raw: maybe(nullable(writtenText())),
  fallthrough: maybe(boolean()),
  autoAssignment: maybe(v.unknown()),
  codeownersAutoSync: maybe(boolean()),
});

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
export function parseOwnershipChange(body: unknown, mayWrite: boolean): OwnershipChange {
  if (!mayWrite && !isRulesOnly(body)) {
    throw forbidden();
  }
  const { autoAssignment, ...change } = parseBody(ownershipChange, body);
  return autoAssignment === undefined
    ? change
    : { ...change, ...parseAutoAssignment(autoAssignment) };
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
