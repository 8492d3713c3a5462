import type { NamesOfOwners, NewEvent, NewOrganizationEvent } from '../events.ts';
import type { UserId } from '../ids.ts';
import type { CodeMapping } from './codeowners/import-codeowners.ts';
import type { PackedRules } from './packed-rules.ts';
import { type AutoAssignment, autoAssignmentText, defaultAutoAssignment } from './settings.ts';

/** A project's ownership rules and settings. Times are ISO 8601 in UTC. */
export type ProjectOwnership = AutoAssignment & {
  /** The rules as they were written; null where there are none. */
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
 * The rules of all CODEOWNERS files of a project. Each reading of the table has an id: the same
 * one, the same rules.
 */
export type ImportedRules = PackedRules & { readonly reading: string };

/** The fields that a caller may change; absent ones stay as they are. */
export type OwnershipChange = Partial<
  AutoAssignment & Pick<ProjectOwnership, 'raw' | 'fallthrough' | 'codeownersAutoSync'>
>;

/**
 * All CODEOWNERS files of a project together hold no more bytes of UTF-8: evaluations and lists
 * read them all.
 */
export const MAXIMUM_PROJECT_CODEOWNERS_BYTES = 1_000_000;

/** A project has no more CODEOWNERS files: one save may replace all of them. */
export const MAXIMUM_PROJECT_CODEOWNERS_FILES = 20;

/** CODEOWNERS files, the oldest first. */
export function inOrder(files: readonly ProjectCodeowners[]): ProjectCodeowners[] {
  const order = (file: ProjectCodeowners) => `${file.dateCreated} ${file.id}`;
  return files.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** A project that never saved anything. */
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
 * The ownership after a change, and the names of the fields that the change altered, as the API
 * calls them. Where nothing was altered the ownership is the one from before, which may be none.
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
 * Tells that rules changed, and which fields of what. `version` is that of the project's rules and
 * CODEOWNERS together.
 */
export function ownershipChanged(
  changed: readonly string[],
  source: 'ownership' | 'codeowners',
  version: number,
): NewEvent {
  return { type: 'ownership.changed', version, data: { changed, source } };
}

/**
 * Tells that names in rules and in CODEOWNERS may stand for others than before, in every project of
 * an organization; `userId` is whose membership or account it was, where it was one person's.
 */
export function namesChanged(
  changed: readonly NamesOfOwners[],
  userId?: UserId,
): NewOrganizationEvent {
  const data = { changed, ...(userId === undefined ? {} : { userId }) };
  return { type: 'ownership.names_changed', version: 1, data };
}
