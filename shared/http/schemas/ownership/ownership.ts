import * as v from 'valibot';
import { readCommit, type SuspectCommit } from '../../../domain/ingest/seen-event.ts';
import type { OwnershipChange } from '../../../domain/ownership/project-ownership.ts';
import { parseAutoAssignment } from '../../../domain/ownership/settings.ts';
import { boolean, dictionary, maybe, nullable, parseBody, text } from '../../fields.ts';
import { writtenText } from '../written-text.ts';

const ownership = dictionary({
  raw: maybe(nullable(writtenText())),
  fallthrough: maybe(boolean()),
  autoAssignment: maybe(v.unknown()),
  codeownersAutoSync: maybe(boolean()),
});

const LONGEST_PLATFORM = 200;

const evaluation = dictionary({
  event: v.unknown(),
  platform: maybe(nullable(text({ maxLength: LONGEST_PLATFORM, blank: true }))),
  commit: maybe(v.unknown()),
});

/** An event that somebody wants to have evaluated. */
export type EvaluationRequest = {
  /** Anything: what cannot be read matches no rule. */
  readonly event: unknown;
  readonly platform: string | null;
  readonly commits: readonly SuspectCommit[];
};

/** Whether a body holds the rules and nothing else, which whoever reads a project may save. */
export function isRulesOnly(body: unknown): boolean {
  const isObject = typeof body === 'object' && body !== null;
  return isObject && Object.keys(body).join() === 'raw';
}

/**
 * What a body changes of a project's ownership. Throws `request.invalid` with the messages of every
 * wrong field.
 */
export function parseOwnershipChange(body: unknown): OwnershipChange {
  const { autoAssignment, ...change } = parseBody(ownership, body);
  return autoAssignment === undefined
    ? change
    : { ...change, ...parseAutoAssignment(autoAssignment) };
}

/** The event that a body holds. Throws `request.invalid` for a body without one. */
export function parseEvaluation(body: unknown): EvaluationRequest {
  const { event, platform, commit } = parseBody(evaluation, body);
  const suspect = readCommit(commit);
  return { event, platform: platform || null, commits: suspect === null ? [] : [suspect] };
}
