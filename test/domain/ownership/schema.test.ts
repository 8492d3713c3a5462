import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../shared/domain/ownership/rule.ts';
import {
  dumpSchema,
  loadSchema,
  presentSchema,
  type ResolveOwner,
} from '../../../shared/domain/ownership/schema.ts';

const rules: Rule[] = [
  {
    matcher: { type: 'path', pattern: '*.js' },
    owners: [
      { type: 'user', identifier: 'a@x.io' },
      { type: 'team', identifier: 'gone' },
    ],
  },
  { matcher: { type: 'url', pattern: '*' }, owners: [{ type: 'team', identifier: 'gone' }] },
  { matcher: { type: 'codeowners', pattern: '/vendor/' }, owners: [] },
];
const resolve: ResolveOwner = ({ identifier }) =>
  identifier === 'a@x.io' ? { type: 'user', id: '11' } : null;

describe('the schema of rules', () => {
  it('carries a version, and the id of each owner that resolves', () => {
    expect(dumpSchema(rules, resolve)).toEqual({
      $version: 1,
      rules: [
        {
          matcher: { type: 'path', pattern: '*.js' },
          owners: [
            { type: 'user', identifier: 'a@x.io', id: '11' },
            { type: 'team', identifier: 'gone' },
          ],
        },
        { matcher: { type: 'url', pattern: '*' }, owners: [{ type: 'team', identifier: 'gone' }] },
        { matcher: { type: 'codeowners', pattern: '/vendor/' }, owners: [] },
      ],
    });
  });

  it('gives back the rules it was made of', () => {
    expect(loadSchema(JSON.parse(JSON.stringify(dumpSchema(rules, resolve))))).toEqual(rules);
  });

  it('shows names, and neither unknown owners nor rules that have only such', () => {
    expect(presentSchema(rules, resolve)).toEqual({
      $version: 1,
      rules: [
        {
          matcher: { type: 'path', pattern: '*.js' },
          owners: [{ type: 'user', name: 'a@x.io', id: '11' }],
        },
        { matcher: { type: 'codeowners', pattern: '/vendor/' }, owners: [] },
      ],
    });
  });

  it.each<[string, unknown]>([
    ['another version', { $version: 2, rules: [] }],
    ['a version as text', { $version: '1', rules: [] }],
    ['no version', { rules: [] }],
    ['nothing', null],
    ['no rules', { $version: 1 }],
    ['a rule without a matcher', { $version: 1, rules: [{ owners: [] }] }],
    ['a rule that is null', { $version: 1, rules: [null] }],
    [
      'an unknown type',
      { $version: 1, rules: [{ matcher: { type: 'line', pattern: '' }, owners: [] }] },
    ],
    ['a rule without owners', { $version: 1, rules: [{ matcher: { type: 'path', pattern: '' } }] }],
    [
      'an owner of no kind',
      {
        $version: 1,
        rules: [{ matcher: { type: 'path', pattern: '' }, owners: [{ identifier: 'a' }] }],
      },
    ],
  ])('refuses %s', (_, value) => {
    expect(() => loadSchema(value)).toThrow(TypeError);
  });
});
