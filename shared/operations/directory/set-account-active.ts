import { notFound } from '../../domain/errors.ts';
import { toOrganizationEventRecord } from '../../domain/events.ts';
import type { UserId } from '../../domain/ids.ts';
import { namesChanged } from '../../domain/ownership/project-ownership.ts';
import { commitWithRetry } from '../../retry.ts';
import type { UserStore } from '../../stores/directory/users.ts';
import type { Clock } from '../deps.ts';
import { eventContext, systemInitiator } from '../event-context.ts';

/** So many organizations hear of it in one transaction. */
const PAGE_SIZE = 90;

/**
 * Switches a user's account on or off. While it is off their tokens reach nothing, and they are
 * assigned and subscribed to nothing; memberships and what they hold stay. Each of their
 * organizations is told, since rules may name them there. Throws `resource.not_found` for who is
 * not there.
 */
export async function setAccountActive(
  deps: {
    readonly users: Pick<UserStore, 'profile' | 'setActive'>;
    readonly clock: Clock;
    readonly newEventId: () => string;
  },
  { userId, isActive }: { readonly userId: UserId; readonly isActive: boolean },
): Promise<void> {
  const profile = await deps.users.profile(userId);
  if (profile === undefined) {
    throw notFound();
  }
  const events = profile.members.map(({ organizationId }) =>
    toOrganizationEventRecord(namesChanged(['people']), {
      ...eventContext(deps, systemInitiator(`account-${userId}`), deps.clock()),
      organizationId,
    }),
  );
  // The account is switched with the first page, and the others find it as it shall be.
  for (let start = 0; start === 0 || start < events.length; start += PAGE_SIZE) {
    const page = events.slice(start, start + PAGE_SIZE);
    const outcome = await commitWithRetry(() => deps.users.setActive(userId, isActive, page));
    if (!outcome.committed) {
      throw notFound();
    }
  }
}
