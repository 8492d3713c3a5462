import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../shared/domain/ownership/rule.ts';
import {
  dumpSchema,
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
});
