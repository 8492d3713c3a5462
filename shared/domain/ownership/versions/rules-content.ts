import type { UserId } from '../../ids.ts';
import {
  changeOwnership,
  newOwnership,
  type OwnershipChange,
  type ProjectCodeowners,
  type ProjectOwnership,
} from '../project-ownership.ts';
import { areSameTests, type RuleTest } from '../trial/rule-test.ts';

/** All that decides who owns what in a project: what a version keeps. */
export type RulesContent = {
  /** Null for a project that never saved any. */
  readonly ownership: ProjectOwnership | null;
  readonly tests: readonly RuleTest[];
  /** The CODEOWNERS files, the oldest first. */
  readonly codeowners: readonly ProjectCodeowners[];
};

/** A project's rules as they were read, and the number of the save that made them; 0 before one. */
export type StoredRules = RulesContent & {
  readonly version: number;
  /** Whether this version is kept already; not where no save has kept any yet. */
  readonly isKept: boolean;
};

/** A version as a list shows it. */
export type RulesVersion = {
  readonly version: number;
  readonly savedAt: string;
  /** Null for who is no user, and for what was saved before versions were kept. */
  readonly savedBy: UserId | null;
  /** The fields that differ from the version before; `codeowners` for any of the files. */
  readonly changed: readonly string[];
};

/** So many versions of a project are kept. */
export const KEPT_VERSIONS = 50;

/**
 * The version that stands for rules which were saved before versions were kept; null where there
 * are none, or where they are kept.
 */
export function unkeptVersion({
  isKept,
  version,
  ownership,
  codeowners,
}: StoredRules): RulesVersion | null {
  const times = [...codeowners.map(({ dateUpdated }) => dateUpdated), ownership?.lastUpdated ?? ''];
  const savedAt = times.sort().at(-1) ?? '';
  return isKept || savedAt === '' ? null : { version, savedAt, savedBy: null, changed: [] };
}

/**
 * The rules after a change of text, tests or settings, and the names of the fields that it altered.
 * Where nothing was altered the content is the one from before.
 */
export function changeRules<Content extends RulesContent>(
  before: Content,
  { tests = before.tests, ...change }: OwnershipChange & { readonly tests?: readonly RuleTest[] },
  now: string,
): { readonly after: RulesContent; readonly changed: readonly string[] } {
  const { ownership, changed } = changeOwnership(before.ownership, change, now);
  if (areSameTests(before.tests, tests)) {
    return changed.length === 0
      ? { after: before, changed }
      : { after: { ...before, ownership }, changed };
  }
  const settings = { ...(ownership ?? newOwnership(now)), lastUpdated: now };
  return { after: { ...before, ownership: settings, tests }, changed: [...changed, 'tests'] };
}
