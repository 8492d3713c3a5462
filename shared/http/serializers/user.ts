import { displayName, primaryEmail, type User } from '../../domain/directory.ts';
import { letterAvatar } from './avatar.ts';

/** A user as lists and activities show them. Clients take `avatarUrl` for text, so it is empty. */
export function serializeUser(user: User) {
  const email = primaryEmail(user) ?? '';
  return {
    id: user.id,
    name: displayName(user),
    username: user.username,
    email,
    avatarUrl: '',
    isActive: user.isActive,
    hasPasswordAuth: false,
    isManaged: false,
    dateJoined: user.dateJoined,
    lastLogin: null,
    has2fa: false,
    lastActive: null,
    isSuperuser: false,
    isStaff: false,
    isSuspended: false,
    experiments: {},
    emails: user.emails.map((address, index) => ({
      id: String(index + 1),
      email: address.email,
      is_verified: address.isVerified,
    })),
    avatar: letterAvatar,
  };
}
