import type { CompiledRules } from '../../domain/ownership/compile.ts';
import { beginEvaluation, MAXIMUM_STEPS } from '../../domain/ownership/evaluate.ts';
import {
  expectedOwner,
  type RuleTest,
  requirePassed,
  resultOf,
  type TestResult,
} from '../../domain/ownership/trial/rule-test.ts';
import type { RulesContent } from '../../domain/ownership/versions/rules-content.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { CodeownersNamesDeps } from './associate-names.ts';
import { compileContent } from './compile-content.ts';
import { type OwnershipPeopleDeps, readOwnershipPeople } from './read-ownership-people.ts';

export type RunTestsDeps = CodeownersNamesDeps & OwnershipPeopleDeps;

/**
 * Runs the tests of a project's rules on the rules beside them. Without tests it costs nothing;
 * else the look-up of the names in CODEOWNERS, and two round trips for the owners that match.
 */
async function runTests(
  deps: RunTestsDeps,
  project: ProjectWithTeams,
  content: RulesContent,
): Promise<TestResult[]> {
  if (content.tests.length === 0) {
    return [];
  }
  return testCompiled(deps, project, await compileContent(deps, project, content), content.tests);
}

/**
 * The tests that fail after a change of rules, tests or CODEOWNERS; other changes run none. Throws
 * `request.invalid` on `tests` where they are not to be skipped.
 */
export async function failedTestsOf(
  deps: RunTestsDeps,
  project: ProjectWithTeams,
  { after, changed }: { readonly after: RulesContent; readonly changed: readonly string[] },
  skipTests = false,
): Promise<TestResult[]> {
  if (!changed.some((field) => testedFields.has(field))) {
    return [];
  }
  const failed = (await runTests(deps, project, after)).filter(({ passed }) => !passed);
  if (!skipTests) {
    requirePassed(failed);
  }
  return failed;
}

/** `raw` and `codeMapping` are also what changes of a CODEOWNERS file. */
const testedFields = new Set(['raw', 'tests', 'codeMapping', 'codeowners']);

/**
 * Runs tests on rules that are compiled. All of them together may take as long as one event does.
 */
export async function testCompiled(
  deps: OwnershipPeopleDeps,
  project: ProjectWithTeams,
  compiled: { readonly rules: CompiledRules; readonly codeowners: CompiledRules },
  tests: readonly RuleTest[],
): Promise<TestResult[]> {
  const stepLimit = Math.floor(MAXIMUM_STEPS / Math.max(1, tests.length));
  const begun = tests.map(({ event, platform }) =>
    beginEvaluation({ ...compiled, event, platform, stepLimit }),
  );
  const owners = [
    ...begun.flatMap((one) => one.owners),
    ...tests.map(expectedOwner).filter((owner) => owner !== null),
  ];
  const resolve = await readOwnershipPeople(deps, project, owners);
  return tests.flatMap((test, index) => {
    const evaluation = begun[index]?.finish(resolve);
    return evaluation === undefined ? [] : [resultOf(test, evaluation, resolve)];
  });
}
