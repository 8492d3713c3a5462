import { type Actor, formatActor } from '../../../domain/actor.ts';
import type { Diagnostic } from '../../../domain/ownership/diagnostic.ts';
import { autoAssignmentText, defaultAutoAssignment } from '../../../domain/ownership/settings.ts';
import type { LeftOut } from '../../../domain/ownership/versions/leave-out.ts';
import type { Names } from '../../../operations/issues/read-issue.ts';
import type { DescribedCodeowners } from '../../../operations/ownership/codeowners.ts';
import type { Explanation } from '../../../operations/ownership/explain-ownership.ts';
import type { SavedOwnership } from '../../../operations/ownership/save-ownership.ts';
import { namedActor, serializeActor } from '../actor.ts';

/**
 * A project's rules and settings; those of a project that never saved any are as it would begin.
 */
export function serializeOwnership({
  ownership,
  tests,
  schema,
  diagnostics,
  failedTests,
  leftOut,
}: ShownOwnership) {
  const extra = { ...(failedTests && { failedTests }), ...(leftOut && { leftOut }) };
  const take = roomFor(LARGEST_ANSWER_BYTES - sizeOf({ ...ownership, tests, schema, ...extra }));
  return {
    raw: ownership?.raw ?? null,
    fallthrough: ownership?.fallthrough ?? true,
    autoAssignment: autoAssignmentText(ownership ?? defaultAutoAssignment),
    isActive: true,
    dateCreated: ownership?.dateCreated ?? null,
    lastUpdated: ownership?.lastUpdated ?? null,
    codeownersAutoSync: ownership?.codeownersAutoSync ?? true,
    tests,
    schema,
    ...thatFit(diagnostics, take),
    ...extra,
  };
}

/** Rules with what a save, or a restore, says of them beside. */
export type ShownOwnership = SavedOwnership & { readonly leftOut?: readonly LeftOut[] };

/**
 * CODEOWNERS files with what they come to. An answer holds 6 MB and no more: of files with hundreds
 * of thousands of lines the first diagnostics are told, with `diagnosticsTruncated`, and a schema
 * that would not fit is null.
 */
export function serializeCodeowners(files: readonly DescribedCodeowners[]) {
  const described = files.map(({ codeowners, errors }) => ({
    ...codeowners,
    schema: null,
    errors,
  }));
  const take = roomFor(LARGEST_ANSWER_BYTES - sizeOf(described));
  return files.map(({ codeowners, schema, errors, diagnostics, failedTests }) => {
    const { id, raw, codeMapping, dateCreated, dateUpdated } = codeowners;
    const shown = thatFit(diagnostics, take);
    return {
      id,
      raw,
      codeMapping,
      schema: take(schema) ? schema : null,
      errors,
      ...shown,
      ...(failedTests && { failedTests }),
      dateCreated,
      dateUpdated,
    };
  });
}

export type Take = (value: unknown) => boolean;

/** Says of one value after the other whether there is still room for it in an answer. */
export function roomFor(bytes: number): Take {
  let room = bytes;
  return (value) => {
    const size = sizeOf(value);
    if (size > room) {
      return false;
    }
    room -= size;
    return true;
  };
}

/** The first diagnostics, as many as there is room for, and whether there were more. */
export function thatFit(diagnostics: readonly Diagnostic[], take: Take) {
  const firstLeftOut = diagnostics.findIndex((diagnostic) => !take(diagnostic));
  return firstLeftOut < 0
    ? { diagnostics }
    : { diagnostics: diagnostics.slice(0, firstLeftOut), diagnosticsTruncated: true };
}

/** What Lambda passes on, with some room for the rest. The body travels as a text within a text. */
export const LARGEST_ANSWER_BYTES = 5_500_000;

export function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(JSON.stringify(value)));
}

/** An explanation tells of so many rules, the first in rank, and of so many owners of each. */
const RULES_TOLD = 500;
const OWNERS_TOLD = 50;

/** Everybody whom an explanation names, for their names to be read. */
export function actorsOf({ evaluation, owners }: Explanation): Actor[] {
  const matched = evaluation.rules
    .slice(0, RULES_TOLD)
    .flatMap((rule) => rule.owners.slice(0, OWNERS_TOLD));
  return [...matched, ...owners].flatMap(({ actor }) => actor ?? []);
}

/** Why an event, or an issue, has the owner it has. */
export function serializeExplanation(
  { evaluation, frames, gates, owners }: Explanation,
  assignee: Actor | null,
  names: Names,
) {
  const named = (actor: Actor | null) => actor && serializeActor(namedActor(actor, names));
  return {
    rules: evaluation.rules
      .slice(0, RULES_TOLD)
      .map(({ rule, source, frameIndex, excluded, rank, ...matched }) => ({
        rule,
        source,
        frameIndex,
        frame: (frameIndex === null ? undefined : frames[frameIndex]) ?? null,
        excluded,
        owners: matched.owners
          .slice(0, OWNERS_TOLD)
          .map(({ actor, identifier }) => ({ actor: named(actor), identifier })),
        rank,
      })),
    winner: evaluation.winner && { ...evaluation.winner, actor: named(evaluation.winner.actor) },
    owners: owners.filter(isThere(names)).map(({ type, actor, rule, dateAdded }) => ({
      type,
      owner: actor && formatActor(actor),
      rule,
      date_added: dateAdded,
    })),
    gates,
    assignee: named(assignee),
  };
}

/** Rows of suggested owners outlive the teams and users that they name. */
function isThere({ teams, users }: Names) {
  return ({ actor }: { readonly actor: Actor | null }) =>
    actor === null || (actor.type === 'team' ? teams : users).has(actor.id);
}
