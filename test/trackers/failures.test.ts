import { describe, expect, it } from 'vitest';
import { failureOf } from '../../shared/trackers/failures.ts';
import { parseProviderTime } from '../../shared/trackers/provider-time.ts';

const nowMs = Date.parse('2026-11-22T12:00:00Z');
const nowSeconds = nowMs / 1_000;

function judge(status: number, headers: Record<string, string> = {}, body: unknown = null) {
  return failureOf('The tracker', { status, headers: new Headers(headers), body }, nowMs);
}

describe('a limit', () => {
  it.each([
    [
      'GitHub: spent, until the reset',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${nowSeconds + 600}` },
      600_000,
    ],
    ['GitHub: too fast, for the time that it names', 403, { 'retry-after': '61' }, 61_000],
    [
      'GitLab: its own header for the reset',
      429,
      { 'ratelimit-reset': `${nowSeconds + 20}` },
      20_000,
    ],
    ['Jira: the reset as ISO 8601', 429, { 'x-ratelimit-reset': '2026-11-22T12:02Z' }, 120_000],
    ['fractions of a second', 429, { 'retry-after': '1.5' }, 1_500],
    [
      'a reset that is past waits a second all the same',
      429,
      { 'x-ratelimit-reset': `${nowSeconds - 5}` },
      1_000,
    ],
    ['an absurd wait ends after an hour', 429, { 'retry-after': '8640000' }, 3_600_000],
    ['nonsense counts as nothing', 429, { 'retry-after': 'soon' }, 60_000],
  ])('%s', (_, status, headers, waitMs) => {
    expect(judge(status, headers)).toMatchObject({
      kind: 'rateLimited',
      untilMs: nowMs + waitMs,
      scope: 'integration',
    });
  });

  it('of GitHub for abuse is known by its words', () => {
    const body = { message: 'You have exceeded a secondary rate limit.' };
    expect(judge(403, {}, body)).toMatchObject({ kind: 'rateLimited', untilMs: nowMs + 60_000 });
  });

  it('of Jira on writes to one issue pauses that link alone', () => {
    const headers = { 'retry-after': '2', 'ratelimit-reason': 'jira-per-issue-on-write' };
    expect(judge(429, headers)).toMatchObject({ kind: 'rateLimited', scope: 'link' });
  });

  it('that is far from spent is no limit: 403 is a refusal', () => {
    expect(judge(403, { 'x-ratelimit-remaining': '4999' }).kind).toBe('rejected');
  });
});

describe('a reason', () => {
  it.each([
    ['GitHub, GitLab, Azure', { message: 'Validation failed' }, 'Validation failed'],
    ['Jira', { errorMessages: ['No such issue'], errors: {} }, 'No such issue'],
    ['Jira, by field', { errorMessages: [], errors: { assignee: 'Unknown' } }, 'Unknown'],
    ['Redmine', { errors: ['Assignee is invalid'] }, 'Assignee is invalid'],
    ['GitLab, older', { error: 'insufficient_scope' }, 'insufficient_scope'],
  ])('is in the words of %s', (_, body, words) => {
    expect(judge(422, {}, body)).toEqual({
      kind: 'rejected',
      reason: `The tracker answered 422: ${words}`,
    });
  });

  it.each([[null], ['text'], [{ message: 7 }], [[]]])('is the status alone for %j', (body) => {
    expect(judge(422, {}, body).reason).toBe('The tracker answered 422.');
  });

  it('is never longer than a line', () => {
    expect(judge(400, {}, { message: `a\n${'b'.repeat(10_000)}` }).reason).toMatch(/^.{200,240}$/);
  });
});

describe("a tracker's time", () => {
  it.each([
    ['GitHub', '2026-11-22T12:00:00Z', nowMs],
    ['Jira, with an offset without a colon', '2026-11-22T07:00:00.392-0500', nowMs + 392],
    ['GitLab', '2026-11-22 12:00:00 UTC', nowMs],
    ['GitLab, with a colon', '2026-11-22T14:00:00.000+02:00', nowMs],
    ['GitLab, older', '2026-11-22 14:00:00 +0200', nowMs],
    ['Azure DevOps, seven decimals', '2026-11-22T12:00:00.1234567Z', nowMs + 123],
    ['without a zone, which means UTC', '2026-11-22T12:00:00', nowMs],
    ['nonsense', 'yesterday', null],
    ['a bare year', '2026', null],
    ['an impossible month', '2026-13-40T12:00:00Z', null],
    ['a number', 1_795_000_000, null],
    ['null', null, null],
  ])('%s', (_, text, expected) => {
    expect(parseProviderTime(text)).toBe(expected);
  });
});
