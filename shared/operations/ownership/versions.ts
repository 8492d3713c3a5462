import { stateOfOwnership } from '../../domain/editable-state.ts';
import { notFound } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/ids.ts';
import { readOwnershipText } from '../../domain/ownership/ownership-text.ts';
import {
  inOrder,
  newOwnership,
  type OwnershipChange,
  type ProjectCodeowners,
} from '../../domain/ownership/project-ownership.ts';
import { ownersInOrder } from '../../domain/ownership/rule.ts';
import type { TestResult } from '../../domain/ownership/trial/rule-test.ts';
import { type LeftOut, leaveOut } from '../../domain/ownership/versions/leave-out.ts';
import {
  changeRules,
  type RulesContent,
  type RulesVersion,
  unkeptVersion,
} from '../../domain/ownership/versions/rules-content.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import { sameValue } from '../../domain/same-value.ts';
import type { OwnershipStore } from '../../stores/ownership/ownership.ts';
import type { RulesVersionStore } from '../../stores/ownership/rules-versions.ts';
import { commitRules } from './commit-rules.ts';
import {
  describeOwnership,
  type FindOwnershipProjectDeps,
  findProjectWithTeams,
} from './read-ownership.ts';
import { readOwnershipPeople } from './read-ownership-people.ts';
import { failedTestsOf } from './run-tests.ts';
import {
  requireUsableRules,
  type SavedOwnership,
  type SaveOwnershipDeps,
  type SaveOwnershipInput,
} from './save-ownership.ts';

export type ReadVersionsDeps = FindOwnershipProjectDeps & {
  readonly ownership: Pick<OwnershipStore, 'rulesOf'>;
  readonly rulesVersions: Pick<RulesVersionStore, 'ofProject' | 'contentOf'>;
};

export type RestoreVersionDeps = SaveOwnershipDeps & ReadVersionsDeps;

/** A version with all that it holds. */
export type KeptRules = { readonly saved: RulesVersion; readonly content: RulesContent };

type ProjectTarget = Pick<SaveOwnershipInput, 'organizationId' | 'project'>;

/**
 * The versions of a project's rules, newest first: the last fifty. Rules that were saved before
 * versions were kept are the first. Throws `resource.not_found` for the project.
 */
export async function listVersions(
  deps: ReadVersionsDeps,
  target: ProjectTarget,
): Promise<RulesVersion[]> {
  const { project } = await findProjectWithTeams(deps, target.organizationId, target.project);
  const kept = await deps.rulesVersions.ofProject(project.id);
  if (kept.length > 0) {
    return kept;
  }
  const first = unkeptVersion(await deps.ownership.rulesOf(project.id));
  return first === null ? [] : [first];
}

/**
 * One version. Throws `resource.not_found` for the project, and for a version that is not there, or
 * not any more.
 */
export async function readVersion(
  deps: ReadVersionsDeps,
  target: ProjectTarget & { readonly version: number },
): Promise<KeptRules> {
  const { project } = await findProjectWithTeams(deps, target.organizationId, target.project);
  return readKept(deps, project.id, target.version);
}

/**
 * Makes a project's rules, tests, settings and CODEOWNERS what they were in a version, as a save
 * does: it is refused for owners who may not own here and for tests that fail. With `force`, what
 * names owners who are gone is left out of the rules and told.
 *
 * @throws DomainError as `saveOwnership` and `readVersion` do, and `precondition.failed`
 */
export async function restoreVersion(
  deps: RestoreVersionDeps,
  input: Omit<SaveOwnershipInput, 'change'> & {
    readonly version: number;
    readonly force: boolean;
  },
): Promise<SavedOwnership & { readonly leftOut: readonly LeftOut[] }> {
  const project = await findProjectWithTeams(deps, input.organizationId, input.project);
  const { content } = await readKept(deps, project.project.id, input.version);
  const { raw, leftOut } = await usableText(deps, project, content.ownership?.raw ?? null, input);
  let failedTests: readonly TestResult[] = [];
  const { initiator } = input;
  const target = { project: project.project, initiator, source: 'ownership' } as const;
  const saved = await commitRules(deps, target, async (before, now) => {
    input.precondition?.(stateOfOwnership(before));
    const change = { ...settingsOf(content, now), raw, tests: content.tests };
    const { after, changed } = changeRules(before, change, now);
    const codeowners = restoredFiles(before.codeowners, content.codeowners, now);
    const decision =
      codeowners === before.codeowners
        ? { after, changed }
        : { after: { ...after, codeowners }, changed: [...changed, 'codeowners'] };
    failedTests = await failedTestsOf(deps, project, decision, input.skipTests);
    return decision;
  });
  const described = { ...(await describeOwnership(deps, project, saved)), leftOut };
  return input.skipTests ? { ...described, failedTests } : described;
}

async function readKept(
  deps: ReadVersionsDeps,
  projectId: ProjectId,
  version: number,
): Promise<KeptRules> {
  const kept = await deps.rulesVersions.contentOf(projectId, version);
  if (kept !== undefined) {
    return kept;
  }
  const stored = await deps.ownership.rulesOf(projectId);
  const first = unkeptVersion(stored);
  if (first?.version !== version) {
    throw notFound();
  }
  return { saved: first, content: stored };
}

async function usableText(
  deps: RestoreVersionDeps,
  project: ProjectWithTeams,
  text: string | null,
  input: Parameters<typeof restoreVersion>[1],
): Promise<{ readonly raw: string | null; readonly leftOut: readonly LeftOut[] }> {
  const { raw, rules } = readOwnershipText(text);
  if (!input.force || raw === null) {
    await requireUsableRules(deps, project, rules, input);
    return { raw, leftOut: [] };
  }
  const resolve = await readOwnershipPeople(deps, project, ownersInOrder(rules));
  const left = leaveOut(raw, (owner) => resolve(owner) === null);
  const usable = readOwnershipText(left.raw);
  await requireUsableRules(deps, project, usable.rules, input);
  return { raw: usable.raw, leftOut: left.leftOut };
}

function settingsOf({ ownership }: RulesContent, now: string): OwnershipChange {
  const { dateCreated, lastUpdated, ...settings } = ownership ?? newOwnership(now);
  return settings;
}

/** The files of a version; those that are there as they were stay, and so does a list of these. */
function restoredFiles(
  before: readonly ProjectCodeowners[],
  kept: readonly ProjectCodeowners[],
  now: string,
): readonly ProjectCodeowners[] {
  const files = kept.map((file) => {
    const known = before.find(({ id }) => id === file.id);
    const isSame =
      known?.raw === file.raw && sameValue(known?.codeMapping ?? null, file.codeMapping);
    return isSame && known !== undefined ? known : { ...file, dateUpdated: now };
  });
  const isSame = files.length === before.length && files.every((file) => before.includes(file));
  return isSame ? before : inOrder(files);
}
