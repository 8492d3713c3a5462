import {
  codeownersNames,
  importCodeowners,
} from '../../domain/ownership/codeowners/import-codeowners.ts';
import { type CompiledRules, compileRules } from '../../domain/ownership/compile.ts';
import { readRules } from '../../domain/ownership/grammar.ts';
import type { ProjectCodeowners } from '../../domain/ownership/project-ownership.ts';
import type { Rule } from '../../domain/ownership/rule.ts';
import type { RulesContent } from '../../domain/ownership/versions/rules-content.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import { associateForEvaluation, type CodeownersNamesDeps } from './associate-names.ts';

/**
 * The rules of CODEOWNERS files, the oldest file first: later lines win. Two round trips at most.
 */
export async function rulesOfFiles(
  deps: CodeownersNamesDeps,
  project: ProjectWithTeams,
  files: readonly Pick<ProjectCodeowners, 'raw' | 'codeMapping'>[],
): Promise<Rule[]> {
  const names = [...new Set(files.flatMap(({ raw }) => codeownersNames(raw)))];
  const associate = await associateForEvaluation(deps, project, names);
  return files.flatMap(
    ({ raw, codeMapping }) => importCodeowners({ raw, codeMapping, associate }).rules,
  );
}

/** Rules that are not saved, or not yet, as events would be evaluated by them. */
export async function compileContent(
  deps: CodeownersNamesDeps,
  project: ProjectWithTeams,
  { ownership, codeowners }: Pick<RulesContent, 'ownership' | 'codeowners'>,
): Promise<{ readonly rules: CompiledRules; readonly codeowners: CompiledRules }> {
  const ofFiles = codeowners.length === 0 ? [] : await rulesOfFiles(deps, project, codeowners);
  return {
    rules: compileRules(readRules(ownership?.raw ?? '').rules.map(({ rule }) => rule)),
    codeowners: compileRules(ofFiles),
  };
}
