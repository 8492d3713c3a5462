import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkHeader, pageOf, readCursor, readLimit } from '../../shared/http/pagination.ts';
import { bySearch, named } from '../../shared/http/search.ts';

const at = (query: string) => ({
  baseUrl: 'http://127.0.0.1:8787',
  path: '/api/0/organizations/acme/issues/',
  query: new URLSearchParams(query),
});

/** Reads the header as clients do: split at the comma, the next part second. */
function partsOf(header: string) {
  return header.split(',').map((part) => {
    const form = /^ ?<([^>]+)>; rel="(\w+)"; results="(true|false)"; cursor="([^"]+)"$/;
    const [, url = '', rel, results, cursor = ''] = form.exec(part) ?? [];
    return { url, rel, results, cursor };
  });
}

describe('the Link header', () => {
  it('has a previous and a next part, in this order, with the whole question in each address', () => {
    const header = linkHeader(at('query=is%3Aunresolved&project=31&project=32&cursor=0:MjU:0'), {
      next: '2026-11-21T10:00:00Z#101',
      previous: null,
    });
    const [previous, next, ...others] = partsOf(header);
    expect(others).toEqual([]);
    expect(previous).toMatchObject({ rel: 'previous', results: 'false', cursor: '0:0:1' });
    expect(next).toMatchObject({ rel: 'next', results: 'true' });
    const url = new URL(next?.url ?? '');
    expect(url.pathname).toBe('/api/0/organizations/acme/issues/');
    expect(url.searchParams.getAll('project')).toEqual(['31', '32']);
    expect(url.searchParams.get('query')).toBe('is:unresolved');
    expect(url.searchParams.get('cursor')).toBe(next?.cursor);
  });

  it('has two parts at the one comma, whatever was asked', () => {
    const asked = fc.record({ query: fc.string(), position: fc.stringMatching(/^[!-~]{1,60}$/) });
    fc.assert(
      fc.property(asked, ({ query, position }) => {
        const request = at(new URLSearchParams({ query, sort: 'a,b' }).toString());
        const header = linkHeader(request, { next: position, previous: position });
        const [previous, next] = partsOf(header);
        expect(header.split(',')).toHaveLength(2);
        const read = (cursor = '') => readCursor(new URLSearchParams({ cursor }));
        expect(read(next?.cursor)).toEqual({ position, backwards: false });
        expect(read(previous?.cursor)).toEqual({ position, backwards: true });
      }),
    );
  });
});

describe('a cursor', () => {
  it.each(['', 'cursor=', 'cursor=0:0:0', 'cursor=0:0:1'])('is none in %j', (query) => {
    expect(readCursor(new URLSearchParams(query))).toBeNull();
  });

  it.each([
    'x',
    '0:100',
    '1:MjU:0',
    '0:MjU:2',
    '0:A:0',
    '0:IA:0',
    `0:${'A'.repeat(500)}:0`,
    "0:' OR:0",
  ])('is refused when it was not written here: %s', (cursor) => {
    expect(() => readCursor(new URLSearchParams({ cursor }))).toThrow('Invalid cursor parameter.');
  });
});

describe('the size of a page', () => {
  it.each([
    ['', 100],
    ['limit=25', 25],
    ['per_page=26', 26],
    ['per_page=5&limit=9', 5],
    ['limit=1000', 100],
    ['limit=', 100],
  ])('is, for %j, %i', (query, expected) => {
    expect(readLimit(new URLSearchParams(query))).toBe(expected);
  });

  it.each(['0', '-1', 'many', '1.5', '9'.repeat(20)])('is refused as %s', (limit) => {
    expect(() => readLimit(new URLSearchParams({ limit }))).toThrow('Invalid per_page value.');
  });
});

describe('a list that is there as a whole', () => {
  const entries = Array.from({ length: 5 }, (_, index) => index);

  it('is given page by page', () => {
    const first = pageOf(at('per_page=2'), entries);
    expect(first.page).toEqual([0, 1]);
    const [previous, next] = partsOf(first.headers.Link);
    expect([previous?.results, next?.results]).toEqual(['false', 'true']);

    const second = pageOf(at(`per_page=2&cursor=${next?.cursor}`), entries);
    expect(second.page).toEqual([2, 3]);
    const third = pageOf(
      at(`per_page=2&cursor=${partsOf(second.headers.Link)[1]?.cursor}`),
      entries,
    );
    expect(third.page).toEqual([4]);
    const beside = partsOf(third.headers.Link);
    expect(beside.map(({ results }) => results)).toEqual(['true', 'false']);
    expect(pageOf(at(`per_page=2&cursor=${beside[0]?.cursor}`), entries).page).toEqual([2, 3]);
  });

  it('is refused at a place that is no number', () => {
    const cursor = `0:${Buffer.from('abc').toString('base64url')}:0`;
    expect(() => pageOf(at(`cursor=${cursor}`), entries)).toThrow('Invalid cursor parameter.');
  });
});

describe('a search in a list of names', () => {
  const core = { id: '21', slug: 'core', name: 'The Core Team' };

  it.each<[string | null, boolean]>([
    [null, true],
    ['', true],
    ['core', true],
    ['TEAM', true],
    ['the core', true],
    ['web', false],
    ['core web', false],
    ['slug:core', true],
    ['slug:cor', false],
    ['id:21', true],
    ['id:2', false],
    ['toString:core', false],
    ['email:core', false],
  ])('for %j: %s', (query, expected) => {
    expect(bySearch(query, named)(core)).toBe(expected);
  });
});
