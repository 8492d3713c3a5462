import { dictionary, parseBody, text } from '../../fields.ts';

/** Longer than any key of a tracker, and short enough for a key of the table. */
const longestKey = 255;

const newLink = dictionary({
  integrationId: text({ maxLength: 64 }),
  key: text({ maxLength: longestKey }),
});

/** Reads the body of a new link. Throws `request.invalid` with the messages of every field that is wrong. */
export function parseNewLink(body: unknown): {
  readonly integrationId: string;
  readonly key: string;
} {
  return parseBody(newLink, body);
}
