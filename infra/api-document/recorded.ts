import { canonicalJson } from '../../shared/domain/same-value.ts';
import type { Operation } from '../../shared/http/routes.ts';
import type { Recorded, RecordedAnswer } from './examples.ts';
import type { Played } from './play.ts';

/** Where the examples of the document say that the stack is. */
const DOCUMENTED_HOST = '127.0.0.1:8787';

type Operations = Readonly<
  Record<
    string,
    { readonly operationId: string; readonly responses: Readonly<Record<string, Response>> }
  >
>;
type Response = {
  readonly content?: { readonly 'application/json': { readonly example?: unknown } };
};

/** The answers that a document has for its examples. */
export function recordedIn(document: {
  readonly paths: Readonly<Record<string, Operations>>;
}): Recorded {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  return Object.fromEntries(
    operations.flatMap(({ operationId, responses }) => {
      const [found] = Object.entries(responses).flatMap(([status, { content }]) =>
        Number(status) < 300 && content?.['application/json'].example !== undefined
          ? [{ status: Number(status), body: content['application/json'].example }]
          : [],
      );
      return found === undefined ? [] : [[operationId, found]];
    }),
  );
}

/**
 * The answers of a stack as the document shows them. One that says what the document says already,
 * at another time and with other new ids, is shown as before.
 */
export function recordedOf(played: readonly Played[], url: string, before: Recorded): Recorded {
  const recorded: { [O in Operation]?: RecordedAnswer } = {};
  for (const { operation, status, body } of played) {
    const now = { status, body: shown(body, url) };
    const old = before[operation];
    recorded[operation] = old !== undefined && isSame(old, now) ? old : now;
  }
  return recorded;
}

function shown(body: unknown, url: string): unknown {
  return body === undefined
    ? undefined
    : JSON.parse(JSON.stringify(body).replaceAll(new URL(url).host, DOCUMENTED_HOST));
}

/** Whether two answers are alike but for times, new ids, and what follows from them. */
function isSame(one: RecordedAnswer, other: RecordedAnswer): boolean {
  return withoutTime(one) === withoutTime(other);
}

function withoutTime(answer: RecordedAnswer): string {
  return canonicalJson(answer)
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)/g, '(time)')
    .replace(/[0-9a-f]{32}/g, '(key)')
    .replace(/\d{10,}/g, '(id)');
}
