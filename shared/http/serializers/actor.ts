import { type Actor, formatActor } from '../../domain/actor.ts';
import { displayName, primaryEmail } from '../../domain/directory.ts';
import type { Names } from '../../operations/read-issue.ts';

/**
 * Whom an issue belongs to: a user with name and address, a team with its slug as name. Who is no longer there is called by
 * the text form of the actor, since clients want a name.
 */
export function serializeActor(actor: Actor | null, names: Names) {
  if (actor === null) return null;
  if (actor.type === 'team')
    return {
      type: 'team',
      id: actor.id,
      name: names.teams.get(actor.id)?.slug ?? formatActor(actor),
    };
  const user = names.users.get(actor.id);
  return {
    type: 'user',
    id: actor.id,
    name: user === undefined ? formatActor(actor) : displayName(user),
    email: user === undefined ? null : primaryEmail(user),
  };
}
