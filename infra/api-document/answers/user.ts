import * as v from 'valibot';
import { avatar, id, time } from './parts.ts';

/** A user as members, activities and the caller's own page show them. */
export const user = v.strictObject({
  id,
  name: v.string(),
  username: v.string(),
  email: v.string(),
  avatarUrl: v.string(),
  isActive: v.boolean(),
  hasPasswordAuth: v.boolean(),
  isManaged: v.boolean(),
  dateJoined: time,
  lastLogin: v.nullable(time),
  has2fa: v.boolean(),
  lastActive: v.nullable(time),
  isSuperuser: v.boolean(),
  isStaff: v.boolean(),
  isSuspended: v.boolean(),
  experiments: v.strictObject({}),
  emails: v.array(v.strictObject({ id, email: v.string(), is_verified: v.boolean() })),
  avatar,
});
