import { displayName, primaryEmail, type User } from '../../domain/directory.ts';

const letterAvatar = { avatarType: 'letter_avatar', avatarUuid: null, avatarUrl: null };

/** A user as lists and activities show them. */
export function serializeUser(user: User) {
  const email = primaryEmail(user) ?? '';
  return {
    id: user.id,
    name: displayName(user),
    username: user.username,
    email,
    avatarUrl: null,
    isActive: user.isActive,
    hasPasswordAuth: false,
    isManaged: false,
    dateJoined: null,
    lastLogin: null,
    has2fa: false,
    lastActive: null,
    isSuperuser: false,
    isStaff: false,
    experiments: {},
    emails: user.emails.map((address, index) => ({
      id: String(index + 1),
      email: address.email,
      is_verified: address.isVerified,
    })),
    avatar: letterAvatar,
  };
}
