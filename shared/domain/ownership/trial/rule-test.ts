import { type Actor, sameActor } from '../../actor.ts';
import { invalidFields } from '../../errors.ts';
import type { OwnershipEvaluation } from '../evaluate.ts';
import { ownerText, type RuleOwner } from '../rule.ts';
import type { ResolveOwner } from '../schema.ts';

/** What rules have to say of an event: whom its issue would go to, or that it goes to nobody. */
export type RuleTest = {
  readonly name: string;
  readonly event: unknown;
  readonly platform: string | null;
  /** `#core`, `bob@acme.io`; null for nobody. */
  readonly expect: string | null;
};

/** What became of a test. `got` is the first owner of the rule that won, as the rule names them. */
export type TestResult = {
  readonly name: string;
  readonly passed: boolean;
  readonly expected: string | null;
  readonly got: string | null;
};

/** The most tests of a project, and the most bytes that they take as JSON. */
const MAXIMUM_TESTS = 100;
const MAXIMUM_TESTS_BYTES = 100_000;

/** The text of tests as they are kept. */
export function testsText(tests: readonly RuleTest[]): string {
  return JSON.stringify(tests);
}

/** Whether two lists of tests say the same. */
export function areSameTests(one: readonly RuleTest[], other: readonly RuleTest[]): boolean {
  return testsText(one) === testsText(other);
}

/** Throws `request.invalid` on `tests` for too many of them, or two of one name. */
export function requireGoodTests(tests: readonly RuleTest[]): void {
  if (tests.length > MAXIMUM_TESTS) {
    throw invalidTests(`A project has at most ${MAXIMUM_TESTS} tests.`);
  }
  if (Buffer.byteLength(testsText(tests)) > MAXIMUM_TESTS_BYTES) {
    throw invalidTests(`Tests need to be <= ${MAXIMUM_TESTS_BYTES} bytes together`);
  }
  const names = new Set<string>();
  for (const { name } of tests) {
    if (names.has(name)) {
      throw invalidTests(`Two tests are called ${name}.`);
    }
    names.add(name);
  }
}

/** The owner that a test expects, as a rule would name them; null for nobody. */
export function expectedOwner({ expect }: RuleTest): RuleOwner | null {
  if (expect === null) {
    return null;
  }
  return expect.startsWith('#')
    ? { type: 'team', identifier: expect.slice(1) }
    : { type: 'user', identifier: expect.toLowerCase() };
}

/** Compares what a test expects with what the rules say of its event. */
export function resultOf(
  test: RuleTest,
  evaluation: OwnershipEvaluation,
  resolve: ResolveOwner,
): TestResult {
  const first = firstOwner(evaluation);
  const expected = expectedOwner(test);
  const got = first === null ? null : ownerText(first);
  // A person may be named by any of their addresses.
  const isSame =
    expected === null || first === null
      ? expected === null && first === null
      : ownerText(expected) === got || isSameActor(resolve(expected), first.actor);
  return { name: test.name, passed: isSame, expected: test.expect, got };
}

/** Throws `request.invalid` on `tests`, with a sentence for each test that failed. */
export function requirePassed(failed: readonly TestResult[]): void {
  if (failed.length > 0) {
    throw invalidFields({ tests: failed.map(failureSentence) });
  }
}

/** `cart: expected #core, got nobody`. */
function failureSentence({ name, expected, got }: TestResult): string {
  return `${name}: expected ${expected ?? 'nobody'}, got ${got ?? 'nobody'}`;
}

/** The owner whom the issue goes to: the first one that is somebody, of the rule that won. */
function firstOwner({ rules, winner }: OwnershipEvaluation) {
  if (winner === null) {
    return null;
  }
  const won = rules.find((rule) => rule.source === winner.source && rule.rule === winner.rule);
  return won?.owners.find(({ actor }) => isSameActor(actor, winner.actor)) ?? null;
}

function isSameActor(one: Actor | null, other: Actor | null): boolean {
  return one !== null && sameActor(one, other);
}

function invalidTests(message: string) {
  return invalidFields({ tests: [message] });
}
