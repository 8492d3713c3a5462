import { describe, expect, it } from 'vitest';
import { accountIdProblem, namelessProblem } from '../../../shared/domain/sync/external-account.ts';
import type { Provider } from '../../../shared/domain/sync/external-issue.ts';

describe('the id of an account', () => {
  it.each<[Provider, string, boolean]>([
    ['github', '583231', true],
    ['github', 'octocat', false],
    ['gitlab', '18', true],
    ['gitlab', '0', false],
    ['redmine', '6', true],
    ['redmine', '-1', false],
    ['redmine', '1e3', false],
    ['jira', '5b10a2844c20165700ede21g', true],
    ['jira', '99:27935d01-92a7-4687-8272-a9b8d3b2ae2e', true],
    ['jira', '-1', false],
    ['azure', '21354f98-ab06-67d9-b974-5a54d992082e', true],
    ['azure', 'bob@acme.io', true],
    ['azure', 'Bob Builder', false],
  ])('of %s may be %s: %s', (provider, externalId, isOne) => {
    expect(accountIdProblem(provider, externalId) === null).toBe(isOne);
    const person = { externalId, externalName: 'bob' };
    expect(namelessProblem(provider, [person]) === null).toBe(isOne);
  });

  it('may be left out, and then a tracker that wants ids cannot be told', () => {
    expect(accountIdProblem('jira', '')).toBeNull();
    expect(namelessProblem('jira', [{ externalId: '', externalName: 'bob' }])).toBe(
      'The account bob has no id of this tracker. Map it by the id of the account.',
    );
  });
});
