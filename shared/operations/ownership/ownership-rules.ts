import type { OwnershipCache } from '../../cache/ownership-cache.ts';
import { type CompiledRules, compileRules } from '../../domain/ownership/compile.ts';
import { parseRules } from '../../domain/ownership/grammar.ts';
import { codeownersNames, importCodeowners } from '../../domain/ownership/import-codeowners.ts';
import type { ImportedRules, ProjectOwnership } from '../../domain/ownership/project-ownership.ts';
import { type AutoAssignment, defaultAutoAssignment } from '../../domain/ownership/settings.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { OwnershipStore } from '../../stores/ownership/ownership.ts';
import type { Count, Log } from '../deps.ts';
import { associateForEvaluation, type CodeownersNamesDeps } from './codeowners-names.ts';
import { type OwnershipPeopleDeps, readOwnershipPeople } from './ownership-people.ts';

export type RuleReaderDeps = OwnershipPeopleDeps &
  CodeownersNamesDeps & {
    readonly ownership: Pick<OwnershipStore, 'ofProject' | 'codeownersOf'>;
    readonly ownershipCache: Pick<
      OwnershipCache<ProjectOwnership, ImportedRules>,
      'read' | 'fillOwnership' | 'fillCodeowners'
    >;
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

/** Characters of text whose rules stay compiled between events; the text in use stays in any case. */
const rememberedCharacters = 2_000_000;

/** Reads the rules of projects. What it compiled it remembers as long as the text is the same. */
export function createRuleReader(deps: RuleReaderDeps) {
  const compile = createCompiler(deps);

  async function readOwnership(projectId: string): Promise<ProjectOwnership | null> {
    return (await deps.ownership.ofProject(projectId)).ownership;
  }

  /** All CODEOWNERS files of a project as one text of rules, the oldest file first: later lines win. */
  async function readCodeowners(project: ProjectWithTeams): Promise<ImportedRules | null> {
    const { id, organizationId } = project.project;
    const files = await deps.ownership.codeownersOf(id);
    if (files.length === 0) return null;
    const names = files.flatMap(({ raw }) => codeownersNames(raw));
    const people = await readOwnershipPeople(deps, project, { withUsers: true });
    const associate = await associateForEvaluation(deps, organizationId, names, people);
    const texts = files.map(
      ({ raw, codeMapping }) => importCodeowners({ raw, codeMapping, associate }).text,
    );
    return { text: texts.join('\n') };
  }

  function toRules(
    { project }: ProjectWithTeams,
    ownership: ProjectOwnership | null,
    codeowners: ImportedRules | null,
  ): ProjectRules {
    return {
      settings: ownership ?? defaultAutoAssignment,
      rules: compile(`ownership of ${project.id}`, ownership?.raw ?? ''),
      codeowners: compile(`CODEOWNERS of ${project.id}`, codeowners?.text ?? ''),
    };
  }

  async function readStored(project: ProjectWithTeams): Promise<ProjectRules> {
    const [ownership, codeowners] = await Promise.all([
      readOwnership(project.project.id),
      readCodeowners(project),
    ]);
    return toRules(project, ownership, codeowners);
  }

  return {
    /** As events read them: through the cache, which is filled on the way. One round trip to the cache where it is. */
    async throughCache(project: ProjectWithTeams): Promise<ProjectRules> {
      const projectId = project.project.id;
      const cached = await deps.ownershipCache.read(projectId);
      if (!cached.ok) {
        deps.count('cache.read_failed', { cache: 'ownership' });
        return readStored(project);
      }
      const { asOfSeconds, ...known } = cached.value;
      const [ownership, codeowners] = await Promise.all([
        known.ownership === undefined ? readOwnership(projectId) : known.ownership,
        known.codeowners === undefined ? readCodeowners(project) : known.codeowners,
      ]);
      await Promise.all([
        known.ownership === undefined &&
          deps.ownershipCache.fillOwnership(projectId, ownership, asOfSeconds),
        known.codeowners === undefined &&
          deps.ownershipCache.fillCodeowners(projectId, codeowners, asOfSeconds),
      ]);
      return toRules(project, ownership, codeowners);
    },

    /** As they are stored. Two Queries at once, and two round trips more where there are CODEOWNERS. */
    stored: readStored,
  };
}

/** Compiles texts, and keeps what it compiled until the text is another one or there is too much of it. */
function createCompiler({ log, count }: Pick<RuleReaderDeps, 'log' | 'count'>) {
  const remembered = new Map<string, { readonly text: string; readonly rules: CompiledRules }>();
  let characters = 0;

  function forget(whose: string): void {
    characters -= remembered.get(whose)?.text.length ?? 0;
    remembered.delete(whose);
  }

  return (whose: string, text: string): CompiledRules => {
    const before = remembered.get(whose);
    if (before?.text === text) return before.rules;
    forget(whose);
    const parsed = parseRules(text);
    if (!parsed.ok) {
      // A save refuses such a text, so only a seed can have brought it.
      count('ownership.unreadable');
      log.warn('A text of rules cannot be read; it counts as empty.', { whose, ...parsed.error });
    }
    const rules = compileRules(parsed.ok ? parsed.rules : []);
    remembered.set(whose, { text, rules });
    characters += text.length;
    for (const other of remembered.keys()) {
      if (characters <= rememberedCharacters) break;
      if (other !== whose) forget(other);
    }
    return rules;
  };
}
