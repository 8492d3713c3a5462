import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileRules } from '../../../shared/domain/ownership/compile.ts';
import { parseRules } from '../../../shared/domain/ownership/grammar.ts';
import { keepForRules } from '../../../shared/domain/ownership/keep-for-rules.ts';
import { evaluateOwnership } from './builders.ts';

const text = [
  'path:a* #p',
  'module:a* #m',
  'url:*a* #u',
  'tags.a:* #t',
  'tags.user.a:* #x',
  'tags.user.id:* #y',
  'codeowners:/a #c',
  'a.py #q',
].join('\n');
const parsed = parseRules(text);
const compiled = compileRules(parsed.ok ? parsed.rules : []);

function evaluate(event: unknown) {
  const resolve = () => ({ type: 'team', id: '1' }) as const;
  return evaluateOwnership({ rules: compiled, codeowners: compileRules([]), event, resolve });
}

/**
 * Events that are nearly ones: each part may be something else, and names are few so that rules
 * match.
 */
const odd = <T>(shape: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: shape as fc.Arbitrary<unknown> }, fc.jsonValue({ maxDepth: 2 }));
const name = odd(fc.constantFrom('a', 'a.py', '/a/a.py', 'b', 'app:///a'));
const frame = fc.record(
  {
    filename: name,
    abs_path: name,
    module: name,
    package: name,
    platform: name,
    in_app: odd(fc.boolean()),
    vars: name,
  },
  { requiredKeys: [] },
);
const frames = odd(fc.array(odd(frame), { maxLength: 3 }));
const stacktrace = odd(fc.oneof(fc.record({ frames }), frames));
const holder = (more: Record<string, fc.Arbitrary<unknown>>) => {
  const one = odd(fc.record({ stacktrace, ...more }));
  const list = odd(fc.array(one, { maxLength: 2 }));
  return odd(fc.oneof(fc.record({ values: list }), list, one));
};
const event = odd(
  fc.record(
    {
      platform: name,
      exception: holder({ type: name }),
      stacktrace,
      threads: holder({ crashed: odd(fc.boolean()), current: odd(fc.boolean()) }),
      request: odd(fc.record({ url: name, data: name })),
      user: odd(fc.record({ id: name, a: name, data: odd(fc.record({ a: name })) })),
      'sentry.interfaces.Exception': holder({ type: name }),
      'sentry.interfaces.Stacktrace': stacktrace,
      'sentry.interfaces.User': odd(fc.record({ id: name, a: name })),
      tags: odd(
        fc.array(odd(fc.tuple(odd(fc.constantFrom('a', 'user.a')), name)), { maxLength: 3 }),
      ),
      breadcrumbs: name,
    },
    { requiredKeys: [] },
  ),
);

it('what is kept of an event is evaluated as the event is', () => {
  fc.assert(
    fc.property(event, (whole) => {
      const kept = keepForRules(whole);
      expect(kept).not.toBeNull();
      expect(evaluate(kept).rules).toEqual(evaluate(whole).rules);
      expect(keepForRules(kept)).toEqual(kept);
    }),
    { numRuns: 500 },
  );
});

it('an event is kept without what no rule can see, and not at all when it is too large', () => {
  const frames = [{ filename: 'a.py', vars: { password: 'x' }, context_line: 'secret' }];
  const kept = JSON.stringify(keepForRules({ stacktrace: { frames }, extra: { key: 'secret' } }));
  expect(kept).toContain('a.py');
  expect(kept).not.toContain('secret');
  const many = Array.from({ length: 4_000 }, () => ({ filename: 'x'.repeat(100) }));
  expect(keepForRules({ stacktrace: { frames: many } })).toBeNull();
});
