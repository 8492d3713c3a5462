import * as v from 'valibot';

/**
 * Text that is kept as it was written, with its spaces and line breaks. Half a surrogate pair,
 * which UTF-8 cannot encode, becomes U+FFFD.
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
