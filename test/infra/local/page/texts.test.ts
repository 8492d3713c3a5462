import { describe, expect, it } from 'vitest';
import { nextCursor } from '../../../../infra/local/page/client/link-header.ts';
import { sentenceOf } from '../../../../infra/local/page/client/sentence.ts';
import { activityText } from '../../../../infra/local/page/issue/activity-text.ts';
import { filterOf, queryOf } from '../../../../infra/local/page/issues/filter-query.ts';
import { issueHref, issuesHref, routeOf, rulesHref } from '../../../../infra/local/page/routes.ts';
import { offsetOf } from '../../../../infra/local/page/rules/text-position.ts';

/** The texts that the page of the local stack reads and writes. */

describe('an address of the page', () => {
  it.each<[string, ReturnType<typeof routeOf>]>([
    ['', { view: 'issues', query: 'is:unresolved' }],
    ['#/nowhere', { view: 'issues', query: 'is:unresolved' }],
    [issuesHref(''), { view: 'issues', query: '' }],
    [issuesHref('title:"a & b" #core'), { view: 'issues', query: 'title:"a & b" #core' }],
    [issueHref('SHOP-1'), { view: 'issue', id: 'SHOP-1' }],
    [issueHref('a/b?c'), { view: 'issue', id: 'a/b?c' }],
    ['#/issues/%E0%A4%A', { view: 'issue', id: '%E0%A4%A' }],
    ['#/rules', { view: 'rules', project: undefined }],
    [rulesHref('shop'), { view: 'rules', project: 'shop' }],
    ['#/flow', { view: 'flow' }],
    ['#/setup', { view: 'setup' }],
  ])('%s', (hash, expected) => {
    expect(routeOf(hash)).toEqual(expected);
  });
});

describe('a search', () => {
  it.each<[string, ReturnType<typeof filterOf>]>([
    ['', { status: '', owner: '', text: '' }],
    ['is:unresolved', { status: 'unresolved', owner: '', text: '' }],
    ['assigned:#core boom is:ignored', { status: 'ignored', owner: '#core', text: 'boom' }],
    ['is:resolved is:ignored', { status: 'resolved', owner: '', text: 'is:ignored' }],
    ['is:for_review !assigned:me', { status: '', owner: '', text: 'is:for_review !assigned:me' }],
    [
      'title:"is:resolved now" [a, b]',
      { status: '', owner: '', text: 'title:"is:resolved now" [a, b]' },
    ],
  ])('%s', (query, expected) => {
    expect(filterOf(query)).toEqual(expected);
    expect(filterOf(queryOf(expected))).toEqual(expected);
  });
});

describe('what the API says is wrong', () => {
  it.each<[string, unknown, string | undefined]>([
    ['a sentence', { detail: 'No.' }, 'No.'],
    ['a sentence with a code', { detail: { code: 'x', message: 'No.' } }, 'No.'],
    [
      'sentences by field',
      { raw: ['One.', 'Two.'], tests: 'Three.' },
      'raw: One. Two. tests: Three.',
    ],
    ['nothing', {}, undefined],
    ['no body', undefined, undefined],
    ['a number', 7, undefined],
  ])('%s', (_, answer, expected) => {
    expect(sentenceOf(answer)).toBe(expected);
  });
});

describe('the next page', () => {
  const link = (rel: string, results: boolean, cursor: string) =>
    `<http://h/api/0/x/?a=1,2&cursor=${cursor}>; rel="${rel}"; results="${results}"; cursor="${cursor}"`;

  it.each<[string, string | null, string | undefined]>([
    ['is named', `${link('previous', true, '0:0:1')}, ${link('next', true, '0:A:0')}`, '0:A:0'],
    ['is empty', `${link('previous', true, '0:0:1')}, ${link('next', false, '0:A:0')}`, undefined],
    ['is not told', null, undefined],
  ])('%s', (_, header, expected) => {
    expect(nextCursor(header)).toBe(expected);
  });
});

describe('a place in the rules', () => {
  it.each<[string, number, number, number]>([
    ['ab\ncd', 1, 1, 0],
    ['ab\ncd', 2, 2, 4],
    ['ab\r\ncd\rde', 3, 1, 7],
    ['𝒂b', 1, 2, 2],
    ['ab\ncd', 1, 9, 2],
    ['ab\ncd', 9, 1, 5],
  ])('%j, line %i, column %i', (text, line, column, expected) => {
    expect(offsetOf(text, line, column)).toBe(expected);
  });
});

describe('an activity', () => {
  const alice = { name: 'Alice' };

  it.each<[string, typeof alice | null, Record<string, unknown>, string]>([
    ['first_seen', null, {}, 'It was seen for the first time.'],
    ['set_resolved', alice, {}, 'Alice resolved it.'],
    ['assigned', alice, { assigneeType: 'team', assigneeName: 'core' }, 'Alice gave it to #core.'],
    [
      'assigned',
      null,
      { assigneeType: 'user', assigneeName: null, assignee: '12', rule: 'path:a bob@acme.io' },
      'Baton gave it to 12, by the rule path:a bob@acme.io.',
    ],
    ['merge', alice, { issues: [{ title: 'KeyError' }] }, 'Alice merged KeyError into it.'],
    ['merge', alice, { issues: 'lost' }, 'Alice merged other issues into it.'],
    ['note', alice, { text: 'Look' }, 'Alice wrote: Look.'],
    ['set_of_a_later_version', null, {}, 'Baton set of a later version.'],
  ])('%s', (type, user, data, expected) => {
    const dateCreated = '2026-11-29T00:00:00Z';
    expect(activityText({ id: '1', type, user, data, dateCreated })).toBe(expected);
  });
});
