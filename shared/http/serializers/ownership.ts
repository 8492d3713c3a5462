import { type Actor, formatActor } from '../../domain/actor.ts';
import { autoAssignmentText, defaultAutoAssignment } from '../../domain/ownership/settings.ts';
import type { DescribedCodeowners } from '../../operations/codeowners.ts';
import type { Explanation } from '../../operations/explain-ownership.ts';
import type { Names } from '../../operations/read-issue.ts';
import type { DescribedOwnership } from '../../operations/read-ownership.ts';
import { namedActor, serializeActor } from './actor.ts';

/** A project's rules and settings; those of a project that never saved any are as it would begin. */
export function serializeOwnership({ ownership, schema }: DescribedOwnership) {
  return {
    raw: ownership?.raw ?? null,
    fallthrough: ownership?.fallthrough ?? true,
    autoAssignment: autoAssignmentText(ownership ?? defaultAutoAssignment),
    isActive: true,
    dateCreated: ownership?.dateCreated ?? null,
    lastUpdated: ownership?.lastUpdated ?? null,
    codeownersAutoSync: ownership?.codeownersAutoSync ?? true,
    schema,
  };
}

/** A CODEOWNERS file with what it comes to. */
export function serializeCodeowners({ codeowners, schema, errors }: DescribedCodeowners) {
  const { id, raw, codeMapping, dateCreated, dateUpdated } = codeowners;
  return { id, raw, codeMapping, schema, errors, dateCreated, dateUpdated };
}

/** Everybody whom an explanation names, for their names to be read. */
export function actorsOf({ evaluation }: Explanation): Actor[] {
  const owners = evaluation.rules.flatMap((rule) => rule.owners);
  return owners.flatMap(({ actor }) => actor ?? []);
}

/** Why an event, or an issue, has the owner it has. */
export function serializeExplanation(
  { evaluation, gates, owners }: Explanation,
  assignee: Actor | null,
  names: Names,
) {
  const named = (actor: Actor | null) => actor && serializeActor(namedActor(actor, names));
  return {
    rules: evaluation.rules.map(({ rule, source, frameIndex, excluded, rank, ...matched }) => ({
      rule,
      source,
      frameIndex,
      excluded,
      owners: matched.owners.map(({ actor, identifier }) => ({ actor: named(actor), identifier })),
      rank,
    })),
    winner: evaluation.winner && { ...evaluation.winner, actor: named(evaluation.winner.actor) },
    owners: owners.map(({ type, actor, rule, dateAdded }) => ({
      type,
      owner: actor && formatActor(actor),
      rule,
      date_added: dateAdded,
    })),
    gates,
    assignee: named(assignee),
  };
}
