import * as v from 'valibot';
import { id, time } from './parts.ts';
import { user } from './user.ts';

/**
 * Something that happened to an issue, a note among it; `user` is null where Baton did it. What
 * `data` holds follows from the type.
 */
export const activity = v.strictObject({
  id,
  type: v.string(),
  user: v.nullable(user),
  data: v.record(v.string(), v.unknown()),
  dateCreated: time,
});

/** A page of an issue's history. */
export const activities = v.strictObject({ activity: v.array(activity) });
