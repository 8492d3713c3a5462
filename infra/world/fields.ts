import * as v from 'valibot';
import { firstCodePoints, isLongerThan } from '../../shared/domain/code-points.ts';

/** An id: decimal text that is exact in any JSON reader, so below 2^53. */
export const id = v.pipe(
  v.string(says('must be a string of digits, like "101"')),
  v.regex(/^[1-9][0-9]*$/, says('must be a string of digits, like "101"')),
  v.check((text) => Number.isSafeInteger(Number(text)), says('must be below 2^53')),
);

/** The slug of an organization, a team or a project. Digits only would be read as an id. */
export const slug = v.pipe(
  v.string(says('must be a slug, like "web-shop"')),
  v.regex(
    /^(?![0-9]+$)[a-z0-9_-]{1,100}$/,
    says('must be a slug: lower-case letters, digits, - and _, 1 to 100 of them, not digits only'),
  ),
);

/** An id or a slug, as it refers to an entry elsewhere in the world. */
export const reference = v.pipe(
  v.string(says('must be a string: a slug or an id')),
  v.nonEmpty(says('must be a slug or an id, not empty')),
);

export const text = v.string(says('must be a string'));
export const filledText = v.pipe(text, v.nonEmpty(says('must not be empty')));
export const flag = v.boolean(says('must be true or false'));
export const count = v.pipe(
  v.number(says('must be a number')),
  v.safeInteger(says('must be a whole number')),
  v.minValue(0, says('must not be negative')),
);
export const options = v.record(v.string(), v.unknown(), says('must be an object'));

/** A time, stored in UTC with milliseconds, so that times sort as text. */
export const time = v.pipe(
  v.string(says('must be a time, like "2026-11-21T10:00:00Z"')),
  v.isoTimestamp(says('must be a time with its zone, like "2026-11-21T10:00:00Z"')),
  v.check(isOnTheCalendar, says('is a day that the calendar does not have')),
  v.transform((moment) => new Date(moment).toISOString()),
);

/** An assignee: `user:11`, `team:21`. */
export const actor = v.pipe(
  v.string(says('must be "user:ID" or "team:ID", like "user:11"')),
  v.regex(/^(user|team):[1-9][0-9]*$/, says('must be "user:ID" or "team:ID", like "user:11"')),
);

/** One of a few words. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return v.picklist(words, says(`must be one of ${words.join(', ')}`));
}

/** A list of anything. */
export function list<Entry extends v.GenericSchema>(entry: Entry) {
  return v.array(entry, says('must be a list'));
}

/** An object with exactly these keys; `what` names it in errors, e.g. "a group". */
export function exactly<const Entries extends v.ObjectEntries>(what: string, entries: Entries) {
  const keys = Object.keys(entries).join(', ');
  return v.strictObject(entries, ({ expected, received }) => {
    if (expected === 'never') {
      return `is not a key of ${what}; its keys are ${keys}`;
    }
    if (expected?.startsWith('"')) {
      return `is missing; ${what} needs it`;
    }
    return `must be ${what}: an object (got ${received})`;
  });
}

/** A message that also shows the actual value. */
function says(rule: string): (issue: { readonly received: string }) => string {
  return ({ received }) => {
    const shown = isLongerThan(received, 60) ? `${firstCodePoints(received, 57)}...` : received;
    return `${rule} (got ${shown})`;
  };
}

/** JavaScript reads the 31st of February as the 3rd of March. */
function isOnTheCalendar(moment: string): boolean {
  const [year = 0, month = 0, day = 0] = moment.slice(0, 10).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}
