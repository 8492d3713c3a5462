import type { NamesOfOwners, NewEvent, NewOrganizationEvent } from '../events.ts';
import type { CodeMapping } from './import-codeowners.ts';
import type { PackedRules } from './packed-rules.ts';
import { type AutoAssignment, autoAssignmentText, defaultAutoAssignment } from './settings.ts';

/** A project's ownership rules and settings. Times are ISO 8601 in UTC. */
export type ProjectOwnership = AutoAssignment & {
  /** The rules as they were written; null without any. */
  readonly raw: string | null;
  readonly fallthrough: boolean;
  readonly codeownersAutoSync: boolean;
  readonly dateCreated: string;
  readonly lastUpdated: string;
};

/** A CODEOWNERS file of a project, as it was uploaded. */
export type ProjectCodeowners = {
  readonly id: string;
  readonly raw: string;
  readonly codeMapping: CodeMapping;
  readonly dateCreated: string;
  readonly dateUpdated: string;
};

/**
 * The rules of all CODEOWNERS files of a project. `reading` identifies one read of the table: equal
 * readings have equal rules.
 */
export type ImportedRules = PackedRules & { readonly reading: string };

/** The fields that a caller can change; absent ones stay as they are. */
export type OwnershipChange = Partial<
  AutoAssignment & Pick<ProjectOwnership, 'raw' | 'fallthrough' | 'codeownersAutoSync'>
>;

/**
 * The limit for all CODEOWNERS files of a project together, in bytes of UTF-8: evaluations and
 * lists read all of them.
 */
export const MAXIMUM_PROJECT_CODEOWNERS_BYTES = 1_000_000;

/** The ownership of a project that never saved any. */
export function newOwnership(now: string): ProjectOwnership {
  return {
    ...defaultAutoAssignment,
    raw: null,
    fallthrough: true,
    codeownersAutoSync: true,
    dateCreated: now,
    lastUpdated: now,
  };
}

/**
 * The ownership after a change, and the API names of the changed fields. Where nothing changed, the
 * ownership is `before`, which may be null.
 */
export function changeOwnership(
  before: ProjectOwnership | null,
  change: OwnershipChange,
  now: string,
): { readonly ownership: ProjectOwnership | null; readonly changed: readonly string[] } {
  const base = before ?? newOwnership(now);
  const after: ProjectOwnership = { ...base, ...change, lastUpdated: now };
  const changed = (['raw', 'fallthrough', 'codeownersAutoSync'] as const).filter(
    (field) => after[field] !== base[field],
  );
  const isSameAssignment = autoAssignmentText(after) === autoAssignmentText(base);
  const names = isSameAssignment ? changed : [...changed, 'autoAssignment'];
  return names.length === 0
    ? { ownership: before, changed: [] }
    : { ownership: after, changed: names };
}

/**
 * The event for changed rules. `version` is the version of the project's rules and CODEOWNERS
 * together.
 */
export function ownershipChanged(
  changed: readonly string[],
  source: 'ownership' | 'codeowners',
  version: number,
): NewEvent {
  return { type: 'ownership.changed', version, data: { changed, source } };
}

/**
 * The event for changed names: in every project of the organization, names in rules and CODEOWNERS
 * may resolve differently from now on.
 */
export function namesChanged(changed: readonly NamesOfOwners[]): NewOrganizationEvent {
  return { type: 'ownership.names_changed', version: 1, data: { changed } };
}
