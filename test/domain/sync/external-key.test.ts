import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Provider, providers } from '../../../shared/domain/sync/external-issue.ts';
import { normalizeKey } from '../../../shared/domain/sync/external-key.ts';
import { externalIssueUrl, readExternalKey } from '../../../shared/domain/sync/external-key-url.ts';

const baseUrls: Readonly<Record<Provider, string>> = {
  github: 'https://api.github.com',
  gitlab: 'https://gitlab.com/api/v4',
  jira: 'https://acme.atlassian.net',
  azure: 'https://dev.azure.com/acme',
  redmine: 'https://redmine.acme.io/tracker/',
};

/** The key that a text names, or null for a text that is refused. */
function keyIn(provider: Provider, text: string, baseUrl = baseUrls[provider]): string | null {
  const reading = readExternalKey({ provider, baseUrl }, text);
  return reading.ok ? reading.key : null;
}

describe('a key', () => {
  it.each<[Provider, string, string | null]>([
    ['github', 'octocat/hello#12', 'octocat/hello#12'],
    ['github', ' Octocat/Hello.js#012 ', 'Octocat/Hello.js#12'],
    ['github', 'octocat/.github#1', 'octocat/.github#1'],
    ['github', 'hello#12', null],
    ['github', 'octocat/hello', null],
    ['github', 'octocat/hello#', null],
    ['github', 'octocat/hello#0', null],
    ['github', 'octocat/hello#1#2', null],
    ['github', 'octocat/hello#1a', null],
    ['github', 'octocat/..#1', null],
    ['github', './hello#1', null],
    ['github', 'a/b/c#1', null],
    ['github', 'octo cat/hello#1', null],
    ['github', '#12', null],
    ['github', '12', null],
    ['github', 'SHOP-12', null],
    ['github', `${'a'.repeat(300)}/b#1`, null],
    ['gitlab', 'acme/shop#4', 'acme/shop#4'],
    ['gitlab', 'acme/tools/web/shop#4', 'acme/tools/web/shop#4'],
    ['gitlab', 'shop#4', null],
    ['gitlab', 'acme//shop#4', null],
    ['gitlab', '/acme/shop#4', null],
    ['gitlab', 'acme/-/shop#4', null],
    ['gitlab', 'acme/shop!4', null],
    ['jira', 'SHOP-12', 'SHOP-12'],
    ['jira', 'shop-12', 'SHOP-12'],
    ['jira', 'A1_B-7', 'A1_B-7'],
    ['jira', 'SHOP', null],
    ['jira', 'SHOP-', null],
    ['jira', '12', null],
    ['jira', '1A-12', null],
    ['jira', '../myself-1', null],
    ['azure', '297', '297'],
    ['azure', 'Shop#297', null],
    ['azure', '-1', null],
    ['azure', '1234567890123', null],
    ['redmine', '12', '12'],
    ['redmine', '#12', null],
    ['redmine', '1.json', null],
  ])('of %s: %s', (provider, text, expected) => {
    expect(keyIn(provider, text)).toBe(expected);
  });

  it.each(providers)('of %s that was read is read as itself', (provider) => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const key = normalizeKey(provider, text);
        if (key !== null) {
          expect(normalizeKey(provider, key)).toBe(key);
        }
      }),
    );
  });
});

describe('a pasted address', () => {
  const enterprise = 'https://git.acme.io/api/v3';
  const dotCom = 'https://github.com/octocat/hello';
  const lab = 'https://gitlab.com/acme/tools/shop';
  const site = 'https://acme.atlassian.net';
  const azure = 'https://dev.azure.com/acme';
  const redmine = 'https://redmine.acme.io/tracker';

  it.each<[Provider, string, string | null, string?]>([
    ['github', `${dotCom}/issues/12`, 'octocat/hello#12'],
    ['github', `${dotCom}/issues/12/`, 'octocat/hello#12'],
    [
      'github',
      `${dotCom}/issues/12?x=1&issue=octocat%7Chello%7C9#issuecomment-7`,
      'octocat/hello#12',
    ],
    ['github', 'http://GitHub.com/Octocat/Hello/issues/12', 'Octocat/Hello#12'],
    ['github', `${dotCom}/pull/12`, null],
    ['github', `${dotCom}/issues`, null],
    ['github', `${dotCom}/issues/new`, null],
    ['github', `${dotCom}/issues/12/edit`, null],
    ['github', dotCom, null],
    ['github', 'https://gitlab.com/octocat/hello/issues/12', null],
    ['github', 'https://github.com.evil.io/octocat/hello/issues/12', null],
    ['github', 'https://github.com@evil.io/octocat/hello/issues/12', null],
    ['github', 'https://github.com:444/octocat/hello/issues/12', null],
    ['github', 'https://github.com/octocat/%2e%2e/issues/12', null],
    ['github', 'https://github.com/octocat/%zz/issues/12', null],
    ['github', 'https://', null],
    ['github', 'https://git.acme.io/octocat/hello/issues/12', 'octocat/hello#12', enterprise],
    ['github', `${dotCom}/issues/12`, null, enterprise],
    ['github', 'https://acme.ghe.com/o/r/issues/3', 'o/r#3', 'https://api.acme.ghe.com'],
    ['gitlab', `${lab}/-/issues/4`, 'acme/tools/shop#4'],
    ['gitlab', `${lab}/-/issues/4#note_12`, 'acme/tools/shop#4'],
    ['gitlab', `${lab}/-/issues/incident/4`, 'acme/tools/shop#4'],
    ['gitlab', `${lab}/-/work_items/4`, 'acme/tools/shop#4'],
    ['gitlab', `${lab}/issues/4`, 'acme/tools/shop#4'],
    ['gitlab', `${lab}/-/merge_requests/4`, null],
    ['gitlab', `${lab}/-/issues`, null],
    ['gitlab', `${lab}/-/issues/4/designs`, null],
    ['gitlab', 'https://gitlab.com/groups/acme/-/epics/4', null],
    ['gitlab', 'https://acme.io/gitlab/a/b/-/issues/4', 'a/b#4', 'https://acme.io/gitlab/api/v4/'],
    ['gitlab', 'https://acme.io/gitlab/a/b/-/issues/4', 'a/b#4', 'https://acme.io/gitlab'],
    ['gitlab', 'https://acme.io/a/b/-/issues/4', null, 'https://acme.io/gitlab'],
    ['jira', `${site}/browse/SHOP-12`, 'SHOP-12'],
    ['jira', `${site}/browse/SHOP-12?focusedCommentId=1#comment-1`, 'SHOP-12'],
    ['jira', `${site}/jira/software/c/projects/SHOP/issues/SHOP-12`, 'SHOP-12'],
    ['jira', `${site}/jira/software/projects/SHOP/boards/1?selectedIssue=SHOP-12`, 'SHOP-12'],
    ['jira', `${site}/jira/servicedesk/projects/SHOP/queues/custom/1/SHOP-12`, 'SHOP-12'],
    ['jira', `${site}/browse/SHOP`, null],
    ['jira', `${site}/jira/software/projects/SHOP/boards/1`, null],
    ['jira', 'https://other.atlassian.net/browse/SHOP-12', null],
    ['jira', 'https://acme.io/jira/browse/SHOP-12', 'SHOP-12', 'https://acme.io/jira'],
    ['jira', `${site}/browse/SHOP-12`, 'SHOP-12', `${site}/rest/api/3`],
    ['jira', `${site}/browse/SHOP-12`, null, 'https://api.atlassian.com/ex/jira/4a1b'],
    ['azure', `${azure}/My%20Shop/_workitems/edit/297`, '297'],
    ['azure', `${azure}/_workitems/edit/297/`, '297'],
    ['azure', `${azure}/Shop/_workitems?id=297&_a=edit`, '297'],
    ['azure', `${azure}/Shop/_boards/board/t/Team/Stories/?workitem=297`, '297'],
    ['azure', 'https://dev.azure.com/Acme/Shop/_workitems/edit/297', '297'],
    ['azure', 'https://acme.visualstudio.com/Shop/_workitems/edit/297', '297'],
    ['azure', `${azure}/Shop/_workitems/edit/297`, '297', 'https://acme.visualstudio.com'],
    ['azure', 'https://tfs.acme.io/tfs/C/Shop/_workitems/edit/1', '1', 'https://tfs.acme.io/tfs/C'],
    ['azure', `${azure}/Shop/_git/shop/pullrequest/297`, null],
    ['azure', `${azure}/Shop/_workitems/recentlyupdated/`, null],
    ['azure', 'https://dev.azure.com/globex/Shop/_workitems/edit/297', null],
    ['azure', 'https://globex.visualstudio.com/Shop/_workitems/edit/297', null],
    ['redmine', `${redmine}/issues/12`, '12'],
    ['redmine', `${redmine}/issues/12?tab=history#note-3`, '12'],
    ['redmine', 'https://redmine.acme.io/issues/12', null],
    ['redmine', `${redmine}/projects/shop/issues`, null],
    ['redmine', `${redmine}/issues/new`, null],
    ['redmine', `${redmine}/versions/12`, null],
  ])('of %s: %s', (provider, text, expected, baseUrl) => {
    expect(keyIn(provider, text, baseUrl)).toBe(expected);
  });

  it.each<[Provider, string, string]>([
    [
      'github',
      'hello',
      'This is not the key of an issue. Write owner/repo#number, such as octocat/hello#12, or paste the address of an issue under https://github.com/.',
    ],
    [
      'azure',
      `${dotCom}/issues/12`,
      "This address does not belong to the integration's tracker. Write the number of the work item, such as 297, or paste the address of an issue under https://dev.azure.com/acme/.",
    ],
    [
      'gitlab',
      `${lab}/-/merge_requests/4`,
      'This is not the address of an issue. Write group/project#number, such as acme/tools/shop#12, or paste the address of an issue under https://gitlab.com/.',
    ],
  ])('or key of %s that is refused says how to write one: %s', (provider, text, problem) => {
    const reading = readExternalKey({ provider, baseUrl: baseUrls[provider] }, text);
    expect(reading).toEqual({ ok: false, problem });
  });

  it.each<[Provider, string, string]>([
    ['github', 'acme/shop#12', 'https://github.com/acme/shop/issues/12'],
    ['gitlab', 'acme/tools/shop#12', 'https://gitlab.com/acme/tools/shop/-/issues/12'],
    ['jira', 'SHOP-12', 'https://acme.atlassian.net/browse/SHOP-12'],
    ['azure', '297', 'https://dev.azure.com/acme/_workitems/edit/297'],
    ['redmine', '12', 'https://redmine.acme.io/tracker/issues/12'],
  ])('of %s is made of %s, and read again', (provider, key, url) => {
    const made = externalIssueUrl({ provider, baseUrl: baseUrls[provider] }, key);
    expect(made).toBe(url);
    expect(keyIn(provider, made ?? '')).toBe(key);
  });

  it('cannot be made where the address of the API does not say where people look', () => {
    const gateway = { provider: 'jira', baseUrl: 'https://api.atlassian.com/ex/jira/1' } as const;
    expect(externalIssueUrl(gateway, 'SHOP-12')).toBeNull();
  });

  it('is never shown with what a base URL may hide', () => {
    const tracker = { provider: 'redmine', baseUrl: 'https://me:secret@acme.io/?key=k1' } as const;
    expect(JSON.stringify(readExternalKey(tracker, '?'))).not.toMatch(/secret|k1/);
  });

  it.each(providers)('of %s is read or refused, whatever it is', (provider) => {
    const texts = fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true }));
    const bases = fc.oneof(fc.webUrl(), fc.string(), fc.constant(baseUrls[provider]));
    fc.assert(
      fc.property(texts, bases, (text, baseUrl) => {
        const reading = readExternalKey({ provider, baseUrl }, text);
        if (reading.ok) {
          expect(normalizeKey(provider, reading.key)).toBe(reading.key);
        } else {
          expect(reading.problem).toMatch(/\.$/);
        }
      }),
    );
  });
});
