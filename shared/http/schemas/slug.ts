import * as v from 'valibot';
import { INVALID_SLUG, isWellFormedSlug } from '../../domain/slug.ts';
import { nullable, text } from '../fields.ts';

/** A slug; empty and null mean the same as absent: Baton chooses one. */
export function slug(maxLength: number) {
  return nullable(
    v.pipe(
      text({ maxLength, blank: true }),
      v.check((given) => given === '' || isWellFormedSlug(given), INVALID_SLUG),
    ),
  );
}

/** The slug that the caller has chosen; null for an empty or absent one. */
export function chosenSlug(given: string | null | undefined): string | null {
  return given === undefined || given === '' ? null : given;
}
