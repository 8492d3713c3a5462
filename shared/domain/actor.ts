import { isDigits, withoutLeadingZeros } from './digits.ts';
import { type DomainError, invalidFields } from './errors.ts';
import { isWellFormedSlug } from './slug.ts';

/** Someone an issue can belong to. Ids are decimal text. */
export type Actor = { readonly type: 'user' | 'team'; readonly id: string };

/** What an `assignedTo` value asks for, before anything was looked up. */
export type ActorInput =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'actor'; readonly actor: Actor }
  | { readonly kind: 'team'; readonly slug: string }
  | { readonly kind: 'login'; readonly login: string };

/** The text form of an actor, lower-case: `user:11`, `team:21`. */
export function formatActor(actor: Actor): string {
  return `${actor.type}:${actor.id}`;
}

/** Reads the text form back; undefined for anything that is not one. */
export function actorFromText(text: string): Actor | undefined {
  const [type, id, ...rest] = text.split(':');
  if (rest.length > 0 || id === undefined || !isDigits(id)) {
    return undefined;
  }
  if (type !== 'user' && type !== 'team') {
    return undefined;
  }
  return { type, id: withoutLeadingZeros(id) };
}

/** Whether two actors, or the absence of one, are the same. */
export function sameActor(a: Actor | null, b: Actor | null): boolean {
  if (a === null || b === null) {
    return a === b;
  }
  return a.type === b.type && a.id === b.id;
}

/** The fields of bodies that name actors. */
export type ActorField = 'assignedTo' | 'ownerTeam';

/** What an `ownerTeam` value asks for. */
export type TeamInput = Exclude<ActorInput, { readonly kind: 'login' }>;

/**
 * Parses an `ownerTeam` value, as one of `assignedTo` that can only mean a team or none. Throws
 * `request.invalid` on `ownerTeam` for everything else.
 */
export function parseTeamInput(value: unknown): TeamInput {
  const input = parseActorInput(value, 'ownerTeam');
  if (input.kind === 'login' || (input.kind === 'actor' && input.actor.type === 'user')) {
    throw unparsableActor('ownerTeam');
  }
  return input;
}

/**
 * Parses an `assignedTo` value. `null`, `""` and `0` mean nobody; a whole number and a string of
 * digits are a user's id; `user:1` and `team:1` are what they say, and `team:core` is a team by its
 * slug, which is never digits alone; any other string is a user name or an e-mail address, to be
 * looked up. Throws `request.invalid` on the field for everything else.
 */
export function parseActorInput(value: unknown, field: ActorField = 'assignedTo'): ActorInput {
  if (value === null || value === '' || value === 0) {
    return { kind: 'nobody' };
  }
  if (typeof value === 'string') {
    return parseActorText(value.trim(), field);
  }
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) {
    return { kind: 'actor', actor: { type: 'user', id: String(value) } };
  }
  throw unparsableActor(field);
}

function parseActorText(text: string, field: ActorField): ActorInput {
  if (isDigits(text)) {
    return { kind: 'actor', actor: { type: 'user', id: withoutLeadingZeros(text) } };
  }
  const actor = actorFromText(text);
  if (actor) {
    return { kind: 'actor', actor };
  }
  const [, slug = ''] = /^team:(.*)$/s.exec(text) ?? [];
  if (isWellFormedSlug(slug)) {
    return { kind: 'team', slug };
  }
  if (text === '' || text.startsWith('team:') || text.startsWith('user:')) {
    throw unparsableActor(field);
  }
  return { kind: 'login', login: text.toLowerCase() };
}

/** The value is no actor, or names nobody that the organization knows by that name. */
export function unparsableActor(field: ActorField = 'assignedTo'): DomainError {
  return invalidFields({
    [field]: ['Could not parse actor. Format should be `type:id` where type is `team` or `user`.'],
  });
}
