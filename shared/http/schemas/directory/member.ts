import * as v from 'valibot';
import { type ActorInput, actorFromText } from '../../../domain/actor.ts';
import { type MemberRole, memberRoles, TEAM_ROLE } from '../../../domain/directory.ts';
import { invalidFields } from '../../../domain/errors.ts';
import { choice, dictionary, maybe, nullable, parseBody, text } from '../../fields.ts';

/** All team memberships are written in one transaction, which limits their number. */
const MOST_TEAMS = 20;
/** A change says all teams of the member, most of which stay. */
const MOST_TEAMS_SAID = 500;
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
  role: maybe(nullable(choice([TEAM_ROLE]))),
});

const teamRoles = (most: number) =>
  nullable(
    v.pipe(
      v.array(teamRole, 'Expected a list of items.'),
      v.maxLength(most, `Ensure this field has no more than ${most} elements.`),
    ),
  );

/** The body of a new member. */
export const newMember = dictionary({
  user: maybe(text({ maxLength: 320 })),
  email: maybe(email),
  role: maybe(choice(memberRoles)),
  orgRole: maybe(choice(memberRoles)),
  teamRoles: maybe(teamRoles(MOST_TEAMS)),
});

/** The body of a change of a member. */
export const changedMember = dictionary({
  role: maybe(nullable(choice(memberRoles))),
  orgRole: maybe(nullable(choice(memberRoles))),
  teamRoles: maybe(teamRoles(MOST_TEAMS_SAID)),
});

/** The body of a change of a membership in a team. */
export const changedTeamMember = dictionary({
  /** Empty where a client takes back a role that it gave. */
  teamRole: maybe(nullable(choice([TEAM_ROLE, '']))),
  isActive: maybe(
    v.literal(true, 'Remove the member from the team instead of suspending the membership.'),
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
  return {
    person: personOf(user, address),
    role: roleOf(orgRole, role) ?? 'member',
    teams: (teamRoles ?? []).map(({ teamSlug }) => teamSlug),
  };
}

/**
 * Reads the body of a change of a member: the role, and all teams that they are to be in. Null for
 * what is absent or null, which stays as it is. Throws `request.invalid` with the messages of every
 * field that is wrong.
 */
export function parseChangedMember(body: unknown): {
  readonly role: MemberRole | null;
  readonly teams: readonly string[] | null;
} {
  const { role, orgRole, teamRoles: given } = parseBody(changedMember, body);
  return {
    role: roleOf(orgRole, role),
    teams: given?.map(({ teamSlug }) => teamSlug) ?? null,
  };
}

/**
 * Checks the body of a change of a membership in a team. Throws `request.invalid` for what Baton
 * does not have: other roles, and memberships that are suspended.
 */
export function parseChangedTeamMember(body: unknown): void {
  parseBody(changedTeamMember, body);
}

/** The role under the name of today or the one of before; null for none. */
function roleOf(
  orgRole: MemberRole | null | undefined,
  role: MemberRole | null | undefined,
): MemberRole | null {
  const given = [orgRole ?? null, role ?? null].filter((one) => one !== null);
  if (new Set(given).size > 1) {
    throw invalidFields({ role: ['Give the role as orgRole or as role, not both.'] });
  }
  return given[0] ?? null;
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
