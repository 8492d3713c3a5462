import { describe, expect, it } from 'vitest';
import type { Provider } from '../../../shared/domain/sync/external-issue.ts';
import { type IssueFields, readNewIssue } from '../../../shared/domain/sync/new-external-issue.ts';

describe('an issue for a tracker', () => {
  const title = 'Broken';

  it.each<[Provider, IssueFields, object]>([
    ['github', { title, repo: 'acme/shop' }, { container: 'acme/shop', title, description: '' }],
    ['gitlab', { title, project: 'acme/tools/shop', description: 'x' }, { description: 'x' }],
    ['gitlab', { title, project: '42' }, { container: '42' }],
    ['jira', { summary: title, title: 'other', project: 'SHOP' }, { title, kind: 'Task' }],
    ['jira', { title, project: '10000', issuetype: '3' }, { title, kind: '3' }],
    ['azure', { title, project: 'Web Shop', work_item_type: 'Bug' }, { kind: 'Bug' }],
    ['redmine', { title, project: 'shop' }, { container: 'shop' }],
  ])('on %s is read from %j', (provider, fields, issue) => {
    expect(readNewIssue(provider, fields)).toMatchObject({ ok: true, issue });
  });

  it.each<[Provider, IssueFields, readonly string[]]>([
    ['github', {}, ['title', 'repo']],
    ['jira', {}, ['summary', 'project']],
    ['github', { title, project: 'acme/shop' }, ['repo']],
    ['github', { title, repo: 'shop' }, ['repo']],
    ['github', { title, repo: '../user' }, ['repo']],
    ['gitlab', { title, project: 'a/../b' }, ['project']],
    ['jira', { title, project: 'a b' }, ['project']],
    ['azure', { title, project: '..' }, ['project']],
    ['azure', { title, project: 'a/b' }, ['project']],
    ['redmine', { title, project: 'A/1' }, ['project']],
  ])('on %s is refused with %j', (provider, fields, wrong) => {
    const reading = readNewIssue(provider, fields);
    expect(reading.ok ? [] : Object.keys(reading.problems)).toEqual(wrong);
  });
});
