import { invalidRequest } from '../domain/errors.ts';
import type { ApiRequest } from './endpoint.ts';

/** Where a page starts, and whether it goes back from there. */
export type Cursor = { readonly position: string; readonly backwards: boolean };

/** The positions beside a page; null where there is nothing more. */
export type Neighbours = { readonly next: string | null; readonly previous: string | null };

const MOST_PER_PAGE = 100;

const cursorForm = /^0:([A-Za-z0-9_-]{1,400}):([01])$/;
/** Positions are made of dates, ids and keys: anything else was not written here. */
const positionForm = /^[\x21-\x7e]{1,300}$/;
/** The cursor of a page that there is not; as a parameter it means the first one. */
const NOWHERE = '0';

/**
 * Where the caller wants to go on; null for the first page. Throws `request.invalid` for a cursor
 * that is none.
 */
export function readCursor(query: URLSearchParams): Cursor | null {
  const text = query.get('cursor') ?? '';
  if (text === '') {
    return null;
  }
  const [, encoded, direction] = cursorForm.exec(text) ?? [];
  if (encoded === NOWHERE) {
    return null;
  }
  const position = Buffer.from(encoded ?? '', 'base64url').toString();
  if (!positionForm.test(position)) {
    throw invalidRequest('Invalid cursor parameter.');
  }
  return { position, backwards: direction === '1' };
}

/** How many entries a page has, by `per_page` or `limit`; 100 unless the caller wants fewer. */
export function readLimit(query: URLSearchParams): number {
  const text = query.get('per_page') ?? query.get('limit') ?? '';
  if (text === '') {
    return MOST_PER_PAGE;
  }
  if (!/^[0-9]{1,9}$/.test(text) || Number(text) < 1) {
    throw invalidRequest(`Invalid per_page value. Must be between 1 and ${MOST_PER_PAGE}.`);
  }
  return Math.min(Number(text), MOST_PER_PAGE);
}

/**
 * The `Link` header of a page: the previous part first, then the next one, each with an address
 * without commas, since clients split the header at its comma.
 */
export function linkHeader(
  request: Pick<ApiRequest, 'baseUrl' | 'path' | 'query'>,
  { next, previous }: Neighbours,
): string {
  return [linkPart(request, 'previous', previous, '1'), linkPart(request, 'next', next, '0')].join(
    ', ',
  );
}

/** A page of a list that is there as a whole, with its header. Positions are offsets. */
export function pageOf<T>(
  request: Pick<ApiRequest, 'baseUrl' | 'path' | 'query'>,
  entries: readonly T[],
): { readonly page: readonly T[]; readonly headers: { readonly Link: string } } {
  const limit = readLimit(request.query);
  const start = Number(readCursor(request.query)?.position ?? 0);
  if (!Number.isSafeInteger(start) || start < 0) {
    throw invalidRequest('Invalid cursor parameter.');
  }
  const Link = linkHeader(request, {
    next: start + limit < entries.length ? String(start + limit) : null,
    previous: start > 0 ? String(Math.max(0, start - limit)) : null,
  });
  return { page: entries.slice(start, start + limit), headers: { Link } };
}

function linkPart(
  { baseUrl, path, query }: Pick<ApiRequest, 'baseUrl' | 'path' | 'query'>,
  rel: 'previous' | 'next',
  position: string | null,
  direction: '0' | '1',
): string {
  const encoded = position === null ? NOWHERE : Buffer.from(position).toString('base64url');
  const cursor = `0:${encoded}:${direction}`;
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  const url = `${baseUrl}${path.replace(/[,<>" ]/g, encodeURIComponent)}?${parameters}`;
  return `<${url}>; rel="${rel}"; results="${position !== null}"; cursor="${cursor}"`;
}
