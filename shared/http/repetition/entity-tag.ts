import { createHash } from 'node:crypto';
import type { EditableState, Precondition } from '../../domain/editable-state.ts';
import { invalidRequest, preconditionFailed } from '../../domain/errors.ts';
import { canonicalJson } from '../../domain/same-value.ts';
import type { ApiRequest } from '../endpoint.ts';

/** A tag as a header lists it, quotes included; a weak one is only nearly the same thing. */
export type EntityTag = { readonly tag: string; readonly isWeak: boolean };

/** One element of a list, which may be empty: `W/"x"`. RFC 9110, sections 5.6.1 and 8.8.3. */
const element = /[ \t]*(?:(W\/)?("[\x21\x23-\x7e\x80-\xff]*")[ \t]*)?(,|$)/y;

/** 22 letters hold 132 bits: no two states are ever taken for each other. */
const TAG_LENGTH = 22;

/** The strong tag of what people edit of a thing: the same state has the same tag, anywhere. */
export function entityTagOf(state: EditableState): string {
  const hash = createHash('sha256').update(canonicalJson(state)).digest('base64url');
  return `"${hash.slice(0, TAG_LENGTH)}"`;
}

/**
 * The tags of an `If-Match` or `If-None-Match` header; `*` for any thing that is there, undefined
 * for a header that is neither `*` nor a list of tags.
 */
export function parseEntityTags(header: string): '*' | readonly EntityTag[] | undefined {
  if (header.trim() === '*') {
    return '*';
  }
  const tags: EntityTag[] = [];
  element.lastIndex = 0;
  for (let end = ','; end !== ''; ) {
    const match = element.exec(header);
    if (match === null) {
      return undefined;
    }
    const [, weak, tag, next = ''] = match;
    if (tag !== undefined) {
      tags.push({ tag, isWeak: weak !== undefined });
    }
    end = next;
  }
  return tags.length === 0 ? undefined : tags;
}

/**
 * What a request requires of the thing that it changes; null for one without `If-Match`. A weak tag
 * matches nothing. Throws `request.invalid` for a header that is no list of tags, and as late as
 * the state is compared: what is not there is 404 first.
 */
export function preconditionOf({ headers }: Pick<ApiRequest, 'headers'>): Precondition | null {
  const header = headers['if-match'];
  if (header === undefined) {
    return null;
  }
  return (state) => {
    const tags = parseEntityTags(header);
    if (tags === undefined) {
      throw invalidRequest('The header If-Match has to be * or a list of entity tags: "a", "b".');
    }
    if (tags !== '*' && !tags.some(({ tag, isWeak }) => !isWeak && tag === entityTagOf(state))) {
      throw preconditionFailed();
    }
  };
}

/**
 * Whether the caller of a GET holds what an answer would say: `If-None-Match` compares weakly. A
 * header that is no list of tags is nothing that the caller holds.
 */
export function isHeldAlready({ headers }: Pick<ApiRequest, 'headers'>, etag: string): boolean {
  const tags = parseEntityTags(headers['if-none-match'] ?? '') ?? [];
  return tags === '*' || tags.some(({ tag }) => tag === etag);
}
