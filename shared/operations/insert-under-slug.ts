import { AGAIN, redecide } from '../retry.ts';
import type { TransactOutcome } from '../stores/transaction.ts';

/**
 * `taken`: no slug of the candidates is free. `refused`: another write than the slug's was refused.
 */
export type InsertUnderSlugOutcome<Name extends string> =
  | { readonly kind: 'inserted'; readonly slug: string }
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly by: readonly Exclude<Name, 'slug'>[] };

/**
 * How to insert under one slug. A transaction without a write named `slug` does not compile here.
 */
type SlugInsert<Name extends string> = {
  readonly isTaken: (slug: string) => Promise<boolean>;
  readonly insert: (slug: string) => Promise<TransactOutcome<Name>>;
} & ('slug' extends Name ? unknown : { readonly insert: never });

/** Of 200 concurrent requests for one slug, each may have to wait for many others. */
const ATTEMPTS = 40;

/**
 * Inserts under the first of these slugs that is free. The guard row of the slug decides that, in
 * the transaction of the insert itself; the read before it only spares transactions that would be
 * refused.
 *
 * @throws DomainError `conflict` when others write the same rows all the time
 */
export async function insertUnderSlug<Name extends string>(
  candidates: Iterable<string>,
  how: SlugInsert<Name>,
): Promise<InsertUnderSlugOutcome<Name>> {
  for (const slug of candidates) {
    const outcome = await redecide(() => tryInsert(slug, how), { attempts: ATTEMPTS });
    if (outcome.kind !== 'taken') {
      return outcome;
    }
  }
  return { kind: 'taken' };
}

async function tryInsert<Name extends string>(
  slug: string,
  { isTaken, insert }: SlugInsert<Name>,
): Promise<InsertUnderSlugOutcome<Name> | typeof AGAIN> {
  if (await isTaken(slug)) {
    return { kind: 'taken' };
  }
  const outcome = await insert(slug);
  if (outcome.committed) {
    return { kind: 'inserted', slug };
  }
  const others = outcome.refused.filter(isNotSlug);
  if (others.length > 0) {
    return { kind: 'refused', by: others };
  }
  return outcome.refused.length > 0 ? { kind: 'taken' } : AGAIN;
}

function isNotSlug<Name extends string>(name: Name): name is Exclude<Name, 'slug'> {
  return name !== 'slug';
}
