import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bulkParameters,
  requireBulkParameters,
} from '../../../shared/http/bulk/bulk-parameters.ts';
import { type BulkNaming, readBulkParameters } from '../../../shared/http/bulk/bulk-selection.ts';
import { namingOf, parseUpdateIssue } from '../../../shared/http/schemas/issues/update-issue.ts';
import { NOW } from '../../support/builders.ts';

const read = (query: string, naming: BulkNaming = 'byIdOrQuery') =>
  readBulkParameters(new URLSearchParams(query), naming, NOW);

describe('the parameters of a bulk write', () => {
  it('may be any of those that are known', () => {
    const query = new URLSearchParams(bulkParameters.map((name): [string, string] => [name, 'x']));
    expect(() => requireBulkParameters(query)).not.toThrow();
  });

  it.each<[string, string]>([
    ['ids', 'Unknown parameter: ids. Name issues with id=1&id=2.'],
    ['id[]', 'Unknown parameter: id[]. Name issues with id=1&id=2.'],
    ['ids[]', 'Unknown parameter: ids[]. Name issues with id=1&id=2.'],
    ['ID', 'Unknown parameter: ID. Name issues with id=1&id=2.'],
    ['group', 'Unknown parameter: group. Name issues with id=1&id=2.'],
    ['issue_id', 'Unknown parameter: issue_id. Name issues with id=1&id=2.'],
    ['envronment', 'Unknown parameter: envronment. Did you mean environment?'],
    ['environments', 'Unknown parameter: environments. Did you mean environment?'],
    ['stats_period', 'Unknown parameter: stats_period. Did you mean statsPeriod?'],
    ['Query', 'Unknown parameter: Query. Did you mean query?'],
    ['qurey', 'Unknown parameter: qurey. The parameters of a bulk write are id, query'],
    ['projects', 'Unknown parameter: projects. Did you mean project?'],
    ['per_page', 'Unknown parameter: per_page. Did you mean limit?'],
    ['stat', 'Unknown parameter: stat. Did you mean start?'],
    ['toString', 'Unknown parameter: toString. The parameters of a bulk write are id, query'],
    ['', 'Unknown parameter: . The parameters of a bulk write are id, query'],
  ])('may not be %j', (name, expected) => {
    expect(() => requireBulkParameters(new URLSearchParams([[name, '1']]))).toThrow(expected);
  });

  it('may be no other one, whatever stands beside it', () => {
    const known: readonly string[] = bulkParameters;
    const unknown = fc.string().filter((name) => !known.includes(name));
    const others = fc.array(fc.tuple(fc.constantFrom(...known), fc.string()));
    fc.assert(
      fc.property(unknown, others, (name, sent) => {
        const query = new URLSearchParams([...sent, [name, '101']]);
        expect(() => requireBulkParameters(query)).toThrow(`Unknown parameter: ${name}`);
      }),
    );
  });

  it.each<[string, string]>([
    ['query=a&query=b', 'Send query once.'],
    ['query=&statsPeriod=1h&statsPeriod=14d', 'Send statsPeriod once.'],
    ['id=1&status=', "Invalid status: ''"],
    ['id=1&environment=', "Invalid environment: ''"],
    ['id=1&environment=prod&environment=%20', "Invalid environment: ' '"],
    ['id=1&statsPeriod=', "Invalid statsPeriod: ''"],
    ['id=1&statsPeriod=bogus', "Invalid statsPeriod: 'bogus'"],
    ['id=1&start=2026-01-01', 'start needs end'],
    ['id=1&sort=votes', "Sort key 'votes' not supported."],
    ['id=1&limit=0', 'Invalid per_page value.'],
    ['id=1&cursor=bogus', 'Invalid cursor parameter.'],
    ['id=1&cursor=0:MQ:0', 'A cursor continues a search'],
    ['query=is:nonsense', 'Invalid query. Error getting group ids and group list'],
    ['query=nonsense:x', 'Invalid query. Error getting group ids and group list'],
  ])('are refused as %s', (query, expected) => {
    expect(() => read(query)).toThrow(expected);
  });
});

describe('the issues of a bulk write', () => {
  it.each<[BulkNaming, string, boolean]>([
    ['byIdOrQuery', 'id=1', true],
    ['byIdOrQuery', 'id=', true],
    ['byIdOrQuery', 'query=', true],
    ['byIdOrQuery', 'query=is:unresolved', true],
    ['byIdOrQuery', '', false],
    ['byIdOrQuery', 'status=resolved&project=31&environment=prod&statsPeriod=14d', false],
    ['byId', 'id=1&query=x', true],
    ['byId', 'query=x', false],
    ['byId', '', false],
    ['optional', '', true],
    ['optional', 'status=resolved', true],
  ])('%s are named by "%s": %s', (naming, query, isNamed) => {
    if (isNamed) {
      expect(() => read(query, naming)).not.toThrow();
    } else {
      expect(() => read(query, naming)).toThrow('Name the issues by id or by query.');
    }
  });

  it.each<[BulkNaming, unknown]>([
    ['optional', { status: 'resolved', snoozeDuration: null }],
    ['optional', { status: 'ignored', substatus: 'archived_forever' }],
    ['optional', { status: 'ignored', ignoreDuration: 5, ignoreCount: 1, ignoreWindow: 1 }],
    ['optional', { status: 'resolved', statusDetails: { inNextRelease: true } }],
    ['optional', { substatus: 'archived_forever' }],
    ['optional', {}],
    ['optional', undefined],
    ['optional', { merge: false, discard: false }],
    ['byIdOrQuery', { status: 'resolved', assignedTo: 'user:11' }],
    ['byIdOrQuery', { assignedTo: null }],
    ['byIdOrQuery', { priority: 'high' }],
    ['byIdOrQuery', { hasSeen: true }],
    ['byIdOrQuery', { isBookmarked: false }],
    ['byIdOrQuery', { isSubscribed: true }],
    ['byIdOrQuery', { isPublic: false }],
    ['byIdOrQuery', { inbox: false }],
    ['byIdOrQuery', { discard: true }],
    ['byId', { merge: true }],
    ['byId', { merge: '1', status: 'resolved' }],
  ])('have to be named %s for %j', (naming, body) => {
    expect(namingOf(parseUpdateIssue(body))).toBe(naming);
  });
});
