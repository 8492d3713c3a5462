import * as v from 'valibot';
import { INVALID_SLUG, isWellFormedSlug } from '../../domain/slug.ts';
import { nullable, text } from '../fields.ts';

/** A slug that a caller may choose, or leave to Baton: empty and null are as good as absent. */
export function slug(maxLength: number) {
  return nullable(
    v.pipe(
      text({ maxLength, blank: true }),
      v.check((given) => given === '' || isWellFormedSlug(given), INVALID_SLUG),
    ),
  );
}

/** The slug that was chosen; null where none was. */
export function chosenSlug(given: string | null | undefined): string | null {
  return given === undefined || given === '' ? null : given;
}
