import { type Precondition, stateOfCodeowners } from '../../domain/editable-state.ts';
import { invalidFields, notFound } from '../../domain/errors.ts';
import { toEventRecord } from '../../domain/events.ts';
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
  MAXIMUM_PROJECT_CODEOWNERS_BYTES,
  ownershipChanged,
  type ProjectCodeowners,
} from '../../domain/ownership/project-ownership.ts';
import { presentSchema } from '../../domain/ownership/schema.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type {
  OwnershipSave,
  OwnershipStore,
  OwnershipWrite,
} from '../../stores/ownership/ownership.ts';
import type { TransactOutcome } from '../../stores/transaction.ts';
import type { Clock } from '../deps.ts';
import { eventContext, type Initiator } from '../event-context.ts';
import { associateForImport, type CodeownersNamesDeps } from './associate-names.ts';
import { type ForgetRulesDeps, forgetRules } from './forget-rules.ts';
import { type FindOwnershipProjectDeps, findProjectWithTeams } from './read-ownership.ts';
import type { OwnerAccessDeps } from './read-ownership-people.ts';
import type { SuggestNamesDeps } from './suggest-names.ts';

export type CodeownersDeps = FindOwnershipProjectDeps &
  CodeownersNamesDeps &
  ForgetRulesDeps &
  OwnerAccessDeps &
  SuggestNamesDeps & {
    readonly ownership: Pick<
      OwnershipStore,
      'versionOf' | 'codeownersOf' | 'saveCodeowners' | 'removeCodeowners'
    >;
    readonly clock: Clock;
    readonly newId: () => string;
    readonly newEventId: () => string;
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
};

/** Which project, by id or slug, and who asks. */
export type CodeownersTarget = {
  readonly organizationId: OrganizationId;
  readonly project: string;
  readonly initiator: Initiator;
};

/**
 * What a save may change; without a mapping, paths stand in stack traces as they do in the
 * repository.
 */
export type CodeownersChange = { readonly raw?: string; readonly codeMapping?: CodeMapping };

const noMapping: CodeMapping = { sourceRoot: '', stackRoot: '' };

/**
 * The CODEOWNERS files of a project, the oldest first. Throws `resource.not_found` for the project.
 */
export async function listCodeowners(
  deps: CodeownersDeps,
  target: Omit<CodeownersTarget, 'initiator'>,
): Promise<DescribedCodeowners[]> {
  const project = await findProjectWithTeams(deps, target.organizationId, target.project);
  const files = await deps.ownership.codeownersOf(project.project.id);
  return describeAll(deps, project, files);
}

/** One CODEOWNERS file. Throws `resource.not_found` for the project or the file. */
export async function readCodeowners(
  deps: CodeownersDeps,
  target: Omit<CodeownersTarget, 'initiator'> & { readonly id: string },
): Promise<DescribedCodeowners> {
  const project = await findProjectWithTeams(deps, target.organizationId, target.project);
  const files = await deps.ownership.codeownersOf(project.project.id);
  const described = await describeAll(deps, project, [requireFile(files, target.id)]);
  return requireOne(described);
}

/**
 * Holds a CODEOWNERS file to a precondition before a request is looked at any further. Throws
 * `resource.not_found` as `readCodeowners` does.
 */
export async function requireCodeownersState(
  deps: CodeownersDeps,
  target: Omit<CodeownersTarget, 'initiator'> & { readonly id: string },
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
 * project or the file.
 */
export async function removeCodeowners(
  deps: CodeownersDeps,
  target: CodeownersTarget & { readonly id: string },
): Promise<void> {
  const project = await findProjectWithTeams(deps, target.organizationId, target.project);
  await commit(deps, project, target.initiator, (files) => {
    const before = requireFile(files, target.id);
    return {
      changed: ['raw', 'codeMapping'],
      write: (save) => deps.ownership.removeCodeowners(save, before),
    };
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
  await commit(deps, project, target.initiator, (files, now) => {
    const { before, after, changed } = decide(files, now);
    result = changed.length === 0 ? (before ?? after) : after;
    return { changed, write: (save) => deps.ownership.saveCodeowners(save, before, after) };
  });
  return requireOne(await describeAll(deps, project, result === undefined ? [] : [result]));
}

function requireOne([described]: readonly DescribedCodeowners[]): DescribedCodeowners {
  if (described === undefined) {
    throw notFound();
  }
  return described;
}

/** Decides on the files as they are read, until what was decided is committed. */
function commit(
  deps: CodeownersDeps,
  { project }: ProjectWithTeams,
  initiator: Initiator,
  decide: (
    files: readonly ProjectCodeowners[],
    now: string,
  ) => {
    readonly changed: readonly string[];
    readonly write: (save: OwnershipSave) => Promise<TransactOutcome<OwnershipWrite>>;
  },
): Promise<void> {
  return redecide(async () => {
    // Before the files: what is read after it is at least as new, and a save in between is refused.
    const readVersion = await deps.ownership.versionOf(project.id);
    const files = await deps.ownership.codeownersOf(project.id);
    const now = deps.clock();
    const { changed, write } = decide(files, now);
    if (changed.length === 0) {
      return;
    }
    const event = toEventRecord(ownershipChanged(changed, 'codeowners', readVersion + 1), {
      ...eventContext(deps, initiator, now),
      organizationId: project.organizationId,
      projectId: project.id,
    });
    const outcome = await write({ project, readVersion, event });
    if (outcome.committed) {
      return forgetRules(deps, project.id);
    }
    if (outcome.refused.includes('project')) {
      throw notFound();
    }
    return AGAIN;
  });
}

async function describeAll(
  deps: CodeownersDeps,
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

function requireRoom(files: readonly ProjectCodeowners[]): void {
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
