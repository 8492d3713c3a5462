import * as v from 'valibot';
import { id } from './parts.ts';

/** A user or a team that has something, such as an issue. A team's name is its slug. */
export const actor = v.variant('type', [
  v.strictObject({
    type: v.literal('user'),
    id,
    name: v.string(),
    email: v.nullable(v.string()),
  }),
  v.strictObject({ type: v.literal('team'), id, name: v.string() }),
]);

/** A user or a team by their name alone. */
export const actorName = v.strictObject({
  type: v.picklist(['user', 'team']),
  id,
  name: v.string(),
});
