import { type Actor, formatActor } from '../../domain/actor.ts';
import { displayName, primaryEmail } from '../../domain/directory.ts';
import type { Assignee } from '../../domain/issues/assignee.ts';
import type { Names } from '../../operations/issues/read-issue.ts';

/** An actor with what answers say of them: a team's name is its slug, and it has no address. */
export type NamedActor = {
  readonly actor: Actor;
  readonly name: string;
  readonly email: string | null;
};

/** Whom an issue belongs to. */
export function serializeActor({ actor: { type, id }, name, email }: NamedActor) {
  return type === 'team' ? { type, id, name } : { type, id, name, email };
}

/**
 * An actor by their names; who is no longer there is called by the actor's text form, since clients
 * want a name.
 */
export function namedActor(actor: Actor, names: Names): NamedActor {
  const team = actor.type === 'team' ? names.teams.get(actor.id) : undefined;
  const user = actor.type === 'user' ? names.users.get(actor.id) : undefined;
  return {
    actor,
    name: team?.slug ?? (user === undefined ? formatActor(actor) : displayName(user)),
    email: user === undefined ? null : primaryEmail(user),
  };
}

/** Whom a request has assigned, as it found them. */
export function serializeAssignee({ actor, name, email }: Assignee) {
  return { type: actor.type, id: actor.id, name, ...(actor.type === 'user' ? { email } : {}) };
}
