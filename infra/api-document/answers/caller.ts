import * as v from 'valibot';
import { user } from './user.ts';

/** The index of the API: its version, and the token that asked. */
export const index = v.strictObject({
  version: v.literal('0'),
  auth: v.strictObject({ scopes: v.array(v.string()) }),
  user: v.nullable(user),
});

/** The regions that hold organizations. */
export const regions = v.strictObject({
  regions: v.array(v.strictObject({ name: v.string(), url: v.pipe(v.string(), v.url()) })),
});
