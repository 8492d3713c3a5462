import * as v from 'valibot';

/**
 * Text as somebody wrote it, spaces and line breaks included. Halves of characters, which no file
 * can hold, are replaced.
 */
export function writtenText() {
  return v.pipe(
    v.string(({ input }) =>
      input === null ? 'This field may not be null.' : 'Not a valid string.',
    ),
    v.check((value) => !value.includes('\0'), 'Null characters are not allowed.'),
    v.transform((value) => value.toWellFormed()),
  );
}
