import type { CachedRow, OwnershipCache } from '../../cache/ownership-cache.ts';
import type { ProjectId } from '../../domain/ids.ts';
import { type CompiledRules, compileRules } from '../../domain/ownership/compile.ts';
import { readRules } from '../../domain/ownership/grammar.ts';
import { isPackedRules, packRules, unpackRules } from '../../domain/ownership/packed-rules.ts';
import type { ImportedRules, ProjectOwnership } from '../../domain/ownership/project-ownership.ts';
import type { Rule } from '../../domain/ownership/rule.ts';
import { type AutoAssignment, defaultAutoAssignment } from '../../domain/ownership/settings.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { OwnershipStore } from '../../stores/ownership/ownership.ts';
import type { Count, Log } from '../deps.ts';
import type { CodeownersNamesDeps } from './associate-names.ts';
import { rulesOfFiles } from './compile-content.ts';

export type RuleReaderDeps = CodeownersNamesDeps & {
  readonly ownership: Pick<OwnershipStore, 'ofProject' | 'codeownersOf'>;
  /** Null for a function that does not use the cache: it reads what is stored. */
  readonly ownershipCache: Pick<
    OwnershipCache<ProjectOwnership, ImportedRules>,
    'read' | 'fillOwnership' | 'fillCodeowners'
  > | null;
  readonly newId: () => string;
  readonly log: Log;
  readonly count: Count;
};

/** What owners are evaluated by in one project. */
export type ProjectRules = {
  readonly settings: AutoAssignment;
  readonly rules: CompiledRules;
  readonly codeowners: CompiledRules;
};

export type RuleReader = ReturnType<typeof createRuleReader>;

/**
 * Characters of text whose rules stay compiled between events; the text in use stays in any case.
 */
const REMEMBERED_CHARACTERS = 2_000_000;

/** Reads the rules of projects. What it compiled it remembers as long as the text is the same. */
export function createRuleReader(deps: RuleReaderDeps) {
  const compile = createCompiler();

  async function readOwnership(projectId: ProjectId): Promise<ProjectOwnership | null> {
    return (await deps.ownership.ofProject(projectId)).ownership;
  }

  /** The rules of all CODEOWNERS files of a project, the oldest file first: later lines win. */
  async function readCodeowners(project: ProjectWithTeams): Promise<ImportedRules | null> {
    const files = await deps.ownership.codeownersOf(project.project.id);
    if (files.length === 0) {
      return null;
    }
    const rules = await rulesOfFiles(deps, project, files);
    return { ...packRules(rules), reading: deps.newId() };
  }

  function toRules(
    { project }: ProjectWithTeams,
    ownership: ProjectOwnership | null,
    codeowners: ImportedRules | null,
  ): ProjectRules {
    const raw = ownership?.raw ?? '';
    return {
      settings: ownership ?? defaultAutoAssignment,
      rules: compile(`ownership of ${project.id}`, raw, raw.length, () =>
        readText(project.id, raw),
      ),
      codeowners: compile(
        `CODEOWNERS of ${project.id}`,
        codeowners?.reading ?? '',
        sizeOf(codeowners),
        () => (codeowners === null ? [] : unpackRules(codeowners)),
      ),
    };
  }

  /**
   * A save refuses lines that are no rules, so only a seed, or a release that knew more, can have
   * brought them.
   */
  function readText(projectId: ProjectId, raw: string): Rule[] {
    const { rules, unreadable } = readRules(raw);
    if (unreadable.length > 0) {
      deps.count('ownership.unreadable');
      deps.log.warn('Lines of the ownership rules cannot be read; they are left out.', {
        projectId,
        lines: unreadable.slice(0, 20).map(({ line }) => line),
      });
    }
    return rules.map(({ rule }) => rule);
  }

  async function readStored(project: ProjectWithTeams): Promise<ProjectRules> {
    const [ownership, codeowners] = await Promise.all([
      readOwnership(project.project.id),
      readCodeowners(project),
    ]);
    return toRules(project, ownership, codeowners);
  }

  return {
    /**
     * As events read them: through the cache, which is filled on the way. One round trip to the
     * cache where it is.
     */
    async throughCache(project: ProjectWithTeams): Promise<ProjectRules> {
      const projectId = project.project.id;
      const { ownershipCache } = deps;
      if (ownershipCache === null) {
        return readStored(project);
      }
      const cached = await ownershipCache.read({
        organizationId: project.project.organizationId,
        projectId,
      });
      if (!cached.ok) {
        deps.count('cache.read_failed', { cache: 'ownership' });
        return readStored(project);
      }
      const { asOfSeconds, ...known } = cached.value;
      const [ownership, codeowners] = await Promise.all([
        known.ownership === undefined ? readOwnership(projectId) : known.ownership,
        isKnown(known.codeowners) ? known.codeowners : readCodeowners(project),
      ]);
      await Promise.all([
        known.ownership === undefined &&
          ownershipCache.fillOwnership(projectId, ownership, asOfSeconds),
        !isKnown(known.codeowners) &&
          ownershipCache.fillCodeowners(projectId, codeowners, asOfSeconds),
      ]);
      return toRules(project, ownership, codeowners);
    },

    /**
     * As they are stored. Two concurrent Queries, and two round trips more where there are
     * CODEOWNERS.
     */
    stored: readStored,
  };
}

/** What an earlier release left in the cache in another form is read from the table. */
function isKnown(codeowners: CachedRow<ImportedRules>): codeowners is ImportedRules | null {
  return codeowners === null || isPackedRules(codeowners);
}

/** About as many characters as the text of these rules had. */
function sizeOf(codeowners: ImportedRules | null): number {
  return (codeowners?.rules ?? []).reduce((sum, [pattern]) => sum + pattern.length + 20, 0);
}

/** Compiles rules, and keeps what it compiled until they are others or there is too much of it. */
function createCompiler() {
  type Compiled = {
    readonly version: string;
    readonly size: number;
    readonly rules: CompiledRules;
  };
  const remembered = new Map<string, Compiled>();
  let size = 0;

  function forget(whose: string): void {
    size -= remembered.get(whose)?.size ?? 0;
    remembered.delete(whose);
  }

  /** `version` is another one when the rules are; `read` is asked for them only then. */
  return (
    whose: string,
    version: string,
    sizeOfRules: number,
    read: () => readonly Rule[],
  ): CompiledRules => {
    const before = remembered.get(whose);
    if (before?.version === version) {
      return before.rules;
    }
    forget(whose);
    const rules = compileRules(read());
    remembered.set(whose, { version, size: sizeOfRules, rules });
    size += sizeOfRules;
    for (const other of remembered.keys()) {
      if (size <= REMEMBERED_CHARACTERS) {
        break;
      }
      if (other !== whose) {
        forget(other);
      }
    }
    return rules;
  };
}
