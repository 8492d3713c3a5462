import * as v from 'valibot';
import type { RuleTest } from '../../../domain/ownership/trial/rule-test.ts';
import { boolean, dictionary, maybe, nullable, text } from '../../fields.ts';

const LONGEST_NAME = 200;
const LONGEST_OWNER = 320;
/** Deeper than events are, and far from what a parser or a writer of JSON cannot follow. */
const DEEPEST_EVENT = 100;

const expected = v.pipe(
  text({ maxLength: LONGEST_OWNER }),
  v.check(
    (owner) => /^#\S+$/.test(owner) || /^[^\s@]\S*@\S+$/.test(owner),
    'Name a team as #slug or a person by an e-mail address, or null for nobody.',
  ),
);

/** Tests beside the rules. */
export const ruleTests = v.array(
  dictionary({
    name: text({ maxLength: LONGEST_NAME }),
    event: v.pipe(
      v.unknown(),
      v.check((event) => !isDeeperThan(event, DEEPEST_EVENT), 'The event is nested too deeply.'),
    ),
    platform: maybe(nullable(text({ maxLength: LONGEST_NAME, blank: true }))),
    expect: nullable(expected),
  }),
  'Expected a list of tests.',
);

/** Whether a save is made although tests fail. */
export const skipTests = maybe(boolean());

/** Tests as they are kept. */
export function toRuleTests(tests: v.InferOutput<typeof ruleTests>): RuleTest[] {
  return tests.map(({ name, event = null, platform, expect }) => ({
    name,
    event,
    platform: platform || null,
    expect,
  }));
}

/** Looks at one level after the other, so that no nesting is too deep to be looked at. */
function isDeeperThan(value: unknown, most: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) {
      return true;
    }
    level = level.flatMap((one) =>
      typeof one === 'object' && one !== null ? Object.values(one) : [],
    );
  }
  return false;
}
