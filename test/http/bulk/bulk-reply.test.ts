import { describe, expect, it } from 'vitest';
import { conflict, notFound } from '../../../shared/domain/errors.ts';
import { type BulkOutcome, bulkConflict, bulkReply } from '../../../shared/http/bulk/bulk-reply.ts';

const outcome = (given: Partial<BulkOutcome> = {}): BulkOutcome => ({
  matched: 3,
  updated: 2,
  conflicting: [],
  truncated: false,
  ...given,
});

describe('the answer of a bulk write', () => {
  it.each<[string, BulkOutcome, number, Record<string, string>]>([
    ['both counts', outcome(), 200, { 'X-Baton-Matched': '3', 'X-Baton-Updated': '2' }],
    [
      'that there may be more',
      outcome({ truncated: true }),
      200,
      { 'X-Baton-Matched': '3', 'X-Baton-Updated': '2', 'X-Baton-Truncated': 'true' },
    ],
    [
      'that there was nothing',
      outcome({ matched: 0, updated: 0 }),
      200,
      { 'X-Baton-Matched': '0', 'X-Baton-Updated': '0' },
    ],
    [
      'both counts beside a conflict',
      outcome({ updated: 1, conflicting: ['102'] }),
      409,
      { 'X-Baton-Matched': '3', 'X-Baton-Updated': '1' },
    ],
  ])('says %s', (_, given, status, headers) => {
    expect(bulkReply(given, { status: 200 })).toMatchObject({ status, headers });
  });

  it('is a refusal where nothing was found within the bounds', () => {
    const nothing = outcome({ matched: 0, updated: 0, truncated: true });
    expect(() => bulkReply(nothing, { status: 204 })).toThrow('Narrow the search');
  });

  it('keeps the counts where a later step met a conflict, and tells of nothing else', () => {
    expect(bulkConflict(outcome(), conflict('moved'))).toMatchObject({
      status: 409,
      body: { detail: 'moved' },
      headers: { 'X-Baton-Updated': '2' },
    });
    expect(() => bulkConflict(outcome(), notFound())).toThrow('does not exist');
  });
});
