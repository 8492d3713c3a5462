import { type Precondition, stateOfCodeowners } from '../../domain/editable-state.ts';
import { invalidFields, notFound } from '../../domain/errors.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import {
  type CodeMapping,
  type CodeownersErrors,
  codeownersNames,
  importCodeowners,
} from '../../domain/ownership/codeowners/import-codeowners.ts';
import type { Diagnostic } from '../../domain/ownership/diagnostic.ts';
import { requireCodeownersSize } from '../../domain/ownership/ownership-text.ts';
import {
  inOrder,
  MAXIMUM_PROJECT_CODEOWNERS_BYTES,
  MAXIMUM_PROJECT_CODEOWNERS_FILES,
  type ProjectCodeowners,
} from '../../domain/ownership/project-ownership.ts';
import { presentSchema } from '../../domain/ownership/schema.ts';
import type { TestResult } from '../../domain/ownership/trial/rule-test.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { OwnershipStore } from '../../stores/ownership/ownership.ts';
import type { Initiator } from '../event-context.ts';
import { associateForImport, type CodeownersNamesDeps } from './associate-names.ts';
import { type CommitRulesDeps, commitRules } from './commit-rules.ts';
import { type FindOwnershipProjectDeps, findProjectWithTeams } from './read-ownership.ts';
import type { OwnerAccessDeps } from './read-ownership-people.ts';
import { failedTestsOf, type RunTestsDeps } from './run-tests.ts';
import type { SuggestNamesDeps } from './suggest-names.ts';

export type DescribeFilesDeps = CodeownersNamesDeps & OwnerAccessDeps & SuggestNamesDeps;

export type CodeownersDeps = FindOwnershipProjectDeps &
  DescribeFilesDeps &
  RunTestsDeps &
  CommitRulesDeps & {
    readonly ownership: Pick<OwnershipStore, 'codeownersOf'>;
    readonly newId: () => string;
  };

/**
 * A CODEOWNERS file with what it comes to here: its rules, the names that gave no owner, and what
 * has no effect.
 */
export type DescribedCodeowners = {
  readonly codeowners: ProjectCodeowners;
  readonly schema: ReturnType<typeof presentSchema>;
  readonly errors: CodeownersErrors;
  readonly diagnostics: readonly Diagnostic[];
  /** Where tests were not to stop the save, those that fail. */
  readonly failedTests?: readonly TestResult[];
};

/** Which project, by id or slug, and who asks. */
export type CodeownersTarget = {
  readonly organizationId: OrganizationId;
  readonly project: string;
  readonly initiator: Initiator;
  /** Saves although tests fail. */
  readonly skipTests?: boolean;
};

type ProjectTarget = Pick<CodeownersTarget, 'organizationId' | 'project'>;

/**
 * What a save may change; without a mapping, paths in stack traces are those of the
 * repository.
 */
export type CodeownersChange = { readonly raw?: string; readonly codeMapping?: CodeMapping };

const noMapping: CodeMapping = { sourceRoot: '', stackRoot: '' };

/**
 * The CODEOWNERS files of a project, the oldest first. Throws `resource.not_found` for the project.
 */
export async function listCodeowners(
  deps: CodeownersDeps,
  target: ProjectTarget,
): Promise<DescribedCodeowners[]> {
  const project = await findProjectWithTeams(deps, target.organizationId, target.project);
  const files = await deps.ownership.codeownersOf(project.project.id);
  return describeFiles(deps, project, files);
}

/** One CODEOWNERS file. Throws `resource.not_found` for the project or the file. */
export async function readCodeowners(
  deps: CodeownersDeps,
  target: ProjectTarget & { readonly id: string },
): Promise<DescribedCodeowners> {
  const project = await findProjectWithTeams(deps, target.organizationId, target.project);
  const files = await deps.ownership.codeownersOf(project.project.id);
  const described = await describeFiles(deps, project, [requireFile(files, target.id)]);
  return requireOne(described);
}

/**
 * Holds a CODEOWNERS file to a precondition before a request is looked at any further. Throws
 * `resource.not_found` as `readCodeowners` does.
 */
export async function requireCodeownersState(
  deps: CodeownersDeps,
  target: ProjectTarget & { readonly id: string },
  precondition: Precondition | null,
): Promise<void> {
  const { project } = await findProjectWithTeams(deps, target.organizationId, target.project);
  const files = await deps.ownership.codeownersOf(project.id);
  precondition?.(stateOfCodeowners(requireFile(files, target.id)));
}

/**
 * Adds a CODEOWNERS file to a project, with `ownership.changed` in the same transaction; what the
 * caches know of the project is declared stale.
 *
 * @throws DomainError `resource.not_found` for the project, `request.invalid` on `raw` for too
 * large a file, or too many, `conflict` when others keep saving
 */
export function createCodeowners(
  deps: CodeownersDeps,
  target: CodeownersTarget,
  { raw, codeMapping = noMapping }: CodeownersChange & { readonly raw: string },
): Promise<DescribedCodeowners> {
  return change(deps, target, raw, (files, now) => {
    const after = { id: deps.newId(), raw, codeMapping, dateCreated: now, dateUpdated: now };
    requireRoom([...files, after]);
    return { before: null, after, changed: ['raw', 'codeMapping'] };
  });
}

/**
 * Changes a CODEOWNERS file, as `createCodeowners` adds one; a file that is not there is
 * `resource.not_found`, and one that is not as the request wants it `precondition.failed`.
 */
export function updateCodeowners(
  deps: CodeownersDeps,
  target: CodeownersTarget & { readonly id: string },
  wanted: CodeownersChange,
  precondition: Precondition | null = null,
): Promise<DescribedCodeowners> {
  return change(deps, target, wanted.raw ?? '', (files, now) => {
    const before = requireFile(files, target.id);
    precondition?.(stateOfCodeowners(before));
    const { raw = before.raw, codeMapping = before.codeMapping } = wanted;
    const after = { ...before, raw, codeMapping, dateUpdated: now };
    requireRoom(files.map((file) => (file === before ? after : file)));
    const changed = [
      ...(raw === before.raw ? [] : ['raw']),
      ...(isSameMapping(codeMapping, before.codeMapping) ? [] : ['codeMapping']),
    ];
    return { before, after, changed };
  });
}

/**
 * Removes a CODEOWNERS file, with the same consequences. Throws `resource.not_found` for the
 * project or the file, and `request.invalid` for a test that fails without it.
 */
export async function removeCodeowners(
  deps: CodeownersDeps,
  target: CodeownersTarget & { readonly id: string },
): Promise<void> {
  const project = await findProjectWithTeams(deps, target.organizationId, target.project);
  await commit(deps, project, target, (files) => {
    const gone = requireFile(files, target.id);
    return { files: files.filter((file) => file !== gone), changed: ['raw', 'codeMapping'] };
  });
}

type Change = {
  readonly before: ProjectCodeowners | null;
  readonly after: ProjectCodeowners;
  readonly changed: readonly string[];
};

async function change(
  deps: CodeownersDeps,
  target: CodeownersTarget,
  raw: string,
  decide: (files: readonly ProjectCodeowners[], now: string) => Change,
): Promise<DescribedCodeowners> {
  const project = await findProjectWithTeams(deps, target.organizationId, target.project);
  requireCodeownersSize(raw);
  let result: ProjectCodeowners | undefined;
  const failedTests = await commit(deps, project, target, (files, now) => {
    const { before, after, changed } = decide(files, now);
    result = changed.length === 0 ? (before ?? after) : after;
    const others = files.filter((file) => file !== before);
    return { files: inOrder([...others, after]), changed };
  });
  const described = await describeFiles(deps, project, result === undefined ? [] : [result]);
  return { ...requireOne(described), ...(target.skipTests ? { failedTests } : {}) };
}

function requireOne([described]: readonly DescribedCodeowners[]): DescribedCodeowners {
  if (described === undefined) {
    throw notFound();
  }
  return described;
}

/** Decides on the files as they are read, until that is committed. Answers the tests that fail. */
async function commit(
  deps: CodeownersDeps,
  project: ProjectWithTeams,
  { initiator, skipTests }: CodeownersTarget,
  decide: (
    files: readonly ProjectCodeowners[],
    now: string,
  ) => { readonly files: readonly ProjectCodeowners[]; readonly changed: readonly string[] },
): Promise<readonly TestResult[]> {
  let failed: readonly TestResult[] = [];
  const target = { project: project.project, initiator, source: 'codeowners' } as const;
  await commitRules(deps, target, async (before, now) => {
    const { files: codeowners, changed } = decide(before.codeowners, now);
    const decision = { after: { ...before, codeowners }, changed };
    failed = await failedTestsOf(deps, project, decision, skipTests);
    return decision;
  });
  return failed;
}

/** What CODEOWNERS files come to, and what of them has no effect. */
export async function describeFiles(
  deps: DescribeFilesDeps,
  project: ProjectWithTeams,
  files: readonly ProjectCodeowners[],
): Promise<DescribedCodeowners[]> {
  const names = [...new Set(files.flatMap(({ raw }) => codeownersNames(raw)))];
  const { associate, resolve } = await associateForImport(deps, project, names);
  return files.map((codeowners) => {
    const { raw, codeMapping, id } = codeowners;
    const { rules, errors, diagnostics } = importCodeowners({
      raw,
      codeMapping,
      associate,
      source: `codeowners:${id}`,
    });
    return { codeowners, schema: presentSchema(rules, resolve), errors, diagnostics };
  });
}

function requireFile(files: readonly ProjectCodeowners[], id: string): ProjectCodeowners {
  const file = files.find((candidate) => candidate.id === id);
  if (file === undefined) {
    throw notFound();
  }
  return file;
}

/** Throws `request.invalid` on `raw` for more files, or larger ones, than a project may have. */
export function requireRoom(files: readonly ProjectCodeowners[]): void {
  if (files.length > MAXIMUM_PROJECT_CODEOWNERS_FILES) {
    throw invalidFields({
      raw: [`A project has at most ${MAXIMUM_PROJECT_CODEOWNERS_FILES} CODEOWNERS files`],
    });
  }
  const bytes = files.reduce((sum, { raw }) => sum + Buffer.byteLength(raw), 0);
  if (bytes <= MAXIMUM_PROJECT_CODEOWNERS_BYTES) {
    return;
  }
  throw invalidFields({
    raw: [
      `The CODEOWNERS files of a project need to be <= ${MAXIMUM_PROJECT_CODEOWNERS_BYTES} bytes together`,
    ],
  });
}

function isSameMapping(a: CodeMapping, b: CodeMapping): boolean {
  return a.sourceRoot === b.sourceRoot && a.stackRoot === b.stackRoot;
}
