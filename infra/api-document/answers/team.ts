import * as v from 'valibot';
import { organization } from './organization.ts';
import { avatar, count, id, time } from './parts.ts';

/** A team as projects and participants name it. */
export const teamSummary = v.strictObject({ id, slug: v.string(), name: v.string() });

/** A team as lists show it. */
export const team = v.strictObject({
  ...teamSummary.entries,
  dateCreated: time,
  isMember: v.boolean(),
  memberCount: count,
  teamRole: v.nullable(v.string()),
  flags: v.strictObject({ 'idp:provisioned': v.boolean() }),
  access: v.array(v.string()),
  hasAccess: v.boolean(),
  isPending: v.boolean(),
  avatar,
});

/** A team by itself, with its organization. */
export const teamDetail = v.strictObject({ ...team.entries, organization });
