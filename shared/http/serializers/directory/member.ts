import type { Member, MemberRole, PendingMember, User } from '../../../domain/directory.ts';
import { displayName, primaryEmail } from '../../../domain/directory.ts';
import type { ListedMember } from '../../../operations/directory/read-directory.ts';
import type { Searchable } from '../../search.ts';
import { serializeUser } from '../user.ts';

/** A member of an organization. Their id is the user's. */
export function serializeMember(member: Member, user: User) {
  return {
    id: user.id,
    email: primaryEmail(user) ?? '',
    name: displayName(user),
    user: serializeUser(user),
    ...serializeRole(member.role),
    pending: false,
    ...whatNobodyHas,
    dateCreated: member.dateCreated,
  };
}

/**
 * Who was added by e-mail and is pending, under an id of their own: whether a user has the address
 * is not told.
 */
export function serializePendingMember({ id, email, role, dateCreated }: PendingMember) {
  return {
    id,
    email,
    name: email,
    user: null,
    ...serializeRole(role),
    pending: true,
    ...whatNobodyHas,
    dateCreated,
  };
}

/**
 * By what a search finds members: a key that is not among these is looked for as a word, and hardly
 * found.
 */
export function searchableMember(listed: ListedMember): Searchable {
  if (listed.kind === 'pending') {
    const { id, email, role } = listed.pending;
    return { keys: { id: [id], 'user.id': [], email: [email], role: [role] }, text: [email] };
  }
  const { member, user } = listed;
  const addresses = user.emails.map(({ email }) => email);
  return {
    keys: { id: [user.id], 'user.id': [user.id], email: addresses, role: [member.role] },
    text: [user.name, user.username, ...addresses],
  };
}

const whatNobodyHas = {
  expired: false,
  flags: {
    'idp:provisioned': false,
    'idp:role-restricted': false,
    'sso:linked': false,
    'sso:invalid': false,
    'member-limit:restricted': false,
    'partnership:restricted': false,
  },
  inviteStatus: 'approved',
  inviterName: null,
};

function serializeRole(role: MemberRole) {
  return {
    role,
    orgRole: role,
    roleName: `${role.slice(0, 1).toUpperCase()}${role.slice(1)}`,
  };
}
