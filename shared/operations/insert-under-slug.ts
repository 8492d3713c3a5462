import type { TransactOutcome } from '../stores/transaction.ts';
import { backOff } from './back-off.ts';

/**
 * `refused`: something else than the slug stood in the way. `busy`: others were writing the same
 * rows all the time.
 */
export type InsertUnderSlugOutcome<Name extends string> =
  | { readonly kind: 'inserted'; readonly slug: string }
  | { readonly kind: 'taken' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'refused'; readonly by: readonly Exclude<Name, 'slug'>[] };

/**
 * How to insert under one slug. A transaction without a write named `slug` does not compile here.
 */
type SlugInsert<Name extends string> = {
  readonly isTaken: (slug: string) => Promise<boolean>;
  readonly insert: (slug: string) => Promise<TransactOutcome<Name>>;
} & ('slug' extends Name ? unknown : { readonly insert: never });

/** With 200 at once on one slug, each of them may have to wait for many others. */
const MAX_ATTEMPTS = 40;

/**
 * Inserts under the first of these slugs that is free. The guard row of the slug decides that, in
 * the transaction of the insert itself; the read before it only spares transactions that would be
 * refused.
 */
export async function insertUnderSlug<Name extends string>(
  candidates: Iterable<string>,
  { isTaken, insert }: SlugInsert<Name>,
): Promise<InsertUnderSlugOutcome<Name>> {
  let attempt = 0;
  for (const slug of candidates) {
    while (!(await isTaken(slug))) {
      const outcome = await insert(slug);
      if (outcome.committed) {
        return { kind: 'inserted', slug };
      }
      const others = outcome.refused.filter(isNotSlug);
      if (others.length > 0) {
        return { kind: 'refused', by: others };
      }
      if (outcome.refused.length > 0) {
        break;
      }
      attempt += 1;
      if (attempt === MAX_ATTEMPTS) {
        return { kind: 'busy' };
      }
      await backOff(attempt);
    }
  }
  return { kind: 'taken' };
}

function isNotSlug<Name extends string>(name: Name): name is Exclude<Name, 'slug'> {
  return name !== 'slug';
}
