import * as v from 'valibot';
import { actorFromText } from '../../../domain/actor.ts';
import type { NoteText } from '../../../domain/issues/note.ts';
import { dictionary, maybe, nullable, parseBody, text } from '../../fields.ts';

/** A page of 100 notes of this length still fits into one answer. */
const LONGEST_NOTE = 8_192;
const MOST_MENTIONS = 50;
const LONGEST_ACTOR = 64;

const mention = v.pipe(
  text({ maxLength: LONGEST_ACTOR }),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const given = String(dataset.value);
    const actor = actorFromText(given.includes(':') ? given : `user:${given}`);
    if (actor === undefined) {
      addIssue({
        message:
          'Could not parse actor. Format should be `type:id` where type is `team` or `user`.',
      });
      return NEVER;
    }
    return actor;
  }),
);

/** The body of a note. */
export const noteBody = dictionary({
  text: text({ maxLength: LONGEST_NOTE }),
  mentions: maybe(
    nullable(
      v.pipe(
        v.array(mention, 'Expected a list of items.'),
        v.maxLength(MOST_MENTIONS, `Ensure this field has no more than ${MOST_MENTIONS} elements.`),
      ),
    ),
  ),
});

/**
 * Reads the body of a note: its text, and whom it mentions as `user:1` or `team:2`. Throws
 * `request.invalid` with the messages of every field that is wrong.
 */
export function parseNote(body: unknown): NoteText {
  const { text: written, mentions } = parseBody(noteBody, body);
  return { text: written, mentions: mentions ?? [] };
}
