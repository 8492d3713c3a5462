import * as v from 'valibot';
import { type ActorInput, actorFromText } from '../../../domain/actor.ts';
import { type MemberRole, memberRoles } from '../../../domain/directory.ts';
import { invalidFields } from '../../../domain/errors.ts';
import { choice, dictionary, maybe, nullable, parseBody, text } from '../../fields.ts';

/** All team memberships are written in one transaction, which limits their number. */
const MOST_TEAMS = 20;
/** In bytes of UTF-8, as SMTP counts them. */
const LONGEST_EMAIL = 254;
const emailForm = /^[^\s@,;:<>()[\]\\"]+@(?:[^\s@,;:<>()[\]\\".]+\.)+[^\s@,;:<>()[\]\\".]+$/;

const email = v.pipe(
  text({ maxLength: LONGEST_EMAIL }),
  v.check(
    (given) => emailForm.test(given) && Buffer.byteLength(given) <= LONGEST_EMAIL,
    'Enter a valid email address.',
  ),
);

const teamRole = dictionary({
  teamSlug: text({ maxLength: 100 }),
  /** Teams have only this role. */
  role: maybe(nullable(choice(['contributor']))),
});

const newMember = dictionary({
  user: maybe(text({ maxLength: 320 })),
  email: maybe(email),
  role: maybe(choice(memberRoles)),
  orgRole: maybe(choice(memberRoles)),
  teamRoles: maybe(
    nullable(
      v.pipe(
        v.array(teamRole, 'Expected a list of items.'),
        v.maxLength(MOST_TEAMS, `Ensure this field has no more than ${MOST_TEAMS} elements.`),
      ),
    ),
  ),
});

export type NewMemberRequest = {
  readonly person:
    | { readonly kind: 'user'; readonly user: ActorInput }
    | { readonly kind: 'email'; readonly email: string };
  readonly role: MemberRole;
  /** Slugs of teams. */
  readonly teams: readonly string[];
};

/**
 * Reads the body of a new member: `email` for a pending member, or `user` with the id, user name or
 * address of a user; the role, `member` unless given; the teams. Throws `request.invalid` with the
 * messages of every field that is wrong.
 */
export function parseNewMember(body: unknown): NewMemberRequest {
  const { user, email: address, role, orgRole, teamRoles } = parseBody(newMember, body);
  if (role !== undefined && orgRole !== undefined && role !== orgRole) {
    throw invalidFields({ role: ['Give the role as orgRole or as role, not both.'] });
  }
  return {
    person: personOf(user, address),
    role: orgRole ?? role ?? 'member',
    teams: (teamRoles ?? []).map(({ teamSlug }) => teamSlug),
  };
}

function personOf(
  user: string | undefined,
  address: string | undefined,
): NewMemberRequest['person'] {
  if (address !== undefined && user !== undefined) {
    throw invalidFields({ user: ['Name a person by email or by user, not both.'] });
  }
  if (address !== undefined) {
    return { kind: 'email', email: address };
  }
  if (user === undefined) {
    throw invalidFields({ user: ['This field is required.'] });
  }
  const actor = actorFromText(user.includes(':') ? user : `user:${user}`);
  if (actor !== undefined) {
    return { kind: 'user', user: { kind: 'actor', actor } };
  }
  return { kind: 'user', user: { kind: 'login', login: user.toLowerCase() } };
}
