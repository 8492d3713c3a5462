import { notFound } from '../../domain/errors.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import { commitUntilSettled } from '../commit-until-settled.ts';

/**
 * Switches a user's account on or off. While it is off their tokens reach nothing, and they are assigned and subscribed to
 * nothing; memberships and what they hold stay. Throws `resource.not_found` for who is not there.
 */
export async function setAccountActive(
  deps: { readonly users: Pick<UserStore, 'setActive'> },
  { userId, isActive }: { readonly userId: string; readonly isActive: boolean },
): Promise<void> {
  const outcome = await commitUntilSettled(() => deps.users.setActive(userId, isActive));
  if (!outcome.committed) throw notFound();
}
