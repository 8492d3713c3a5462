import type { Key } from './keys.ts';
import { number, read, text } from './rows.ts';
import type { Item } from './table.ts';
import type { Write } from './transaction.ts';

/** The most bytes of text in one item, well below what the table takes. */
const PART_BYTES = 300_000;

/**
 * Cuts a text into parts of at most 300 KB of UTF-8, between characters. An empty text has no
 * parts.
 */
export function cutText(text: string): string[] {
  const bytes = Buffer.from(text);
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + PART_BYTES, bytes.length);
    while (end < bytes.length && isContinuation(bytes[end])) {
      end -= 1;
    }
    parts.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return parts;
}

/** The items of a text, each with the version of the save that wrote it. */
export function textItems(
  keyOf: (part: number) => Key,
  text: string | null,
  row: Readonly<Record<string, unknown>> & { readonly version: number },
): Item[] {
  return cutText(text ?? '').map((content, part) => ({
    ...keyOf(part),
    entity: 'text',
    ...row,
    part,
    content,
  }));
}

/** Replaces one text by another: writes its parts and removes those that it no longer has. */
export function replaceText(
  keyOf: (part: number) => Key,
  before: string | null,
  after: string | null,
  row: Readonly<Record<string, unknown>> & { readonly version: number },
): Write<'text'>[] {
  const items = textItems(keyOf, after, row);
  const surplus = cutText(before ?? '').slice(items.length);
  return [
    ...items.map((Item): Write<'text'> => ({ name: 'text', put: { Item } })),
    ...surplus.map(
      (_, index): Write<'text'> => ({
        name: 'text',
        delete: { Key: keyOf(items.length + index) },
      }),
    ),
  ];
}

/**
 * Joins the parts of a text; undefined where they are not from one save, because another save was
 * committed while they were read.
 */
export function joinText(
  items: readonly Item[],
  { parts, version }: { readonly parts: number; readonly version: number },
): string | undefined {
  const found = new Map(items.map((item) => [read(item, 'part', number), item]));
  const texts: string[] = [];
  for (let part = 0; part < parts; part++) {
    const item = found.get(part);
    if (item?.version !== version) {
      return undefined;
    }
    texts.push(read(item, 'content', text));
  }
  return texts.join('');
}

/** UTF-8 bytes of the form 10xxxxxx begin no character. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}
