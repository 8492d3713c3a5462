import * as v from 'valibot';

/** Ids are decimal text in every answer. */
export const id = v.string();

/** A time, ISO 8601 in UTC. */
export const time = v.pipe(v.string(), v.isoTimestamp());

/** How many of something there are. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A list that is always empty here: its members belong to features that Baton does not have. */
export const noneHere = v.pipe(v.array(v.unknown()), v.maxLength(0));

/** What is drawn for somebody or something that has no picture: its initials. */
export const avatar = v.strictObject({
  avatarType: v.literal('letter_avatar'),
  avatarUuid: v.null(),
  avatarUrl: v.null(),
});
