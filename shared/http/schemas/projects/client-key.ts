import {
  type AskedOfKey,
  type KeyRateLimit,
  LOADER_OPTIONS,
  type LoaderOptions,
  SDK_VERSIONS,
} from '../../../domain/projects/client-key.ts';
import {
  boolean,
  choice,
  dictionary,
  integer,
  maybe,
  nullable,
  parseBody,
  text,
} from '../../fields.ts';

const A_DAY_IN_SECONDS = 24 * 60 * 60;
const MOST_EVENTS = 1_000_000_000;

/** The body of a new or a changed client key. */
export const clientKey = dictionary({
  name: maybe(nullable(text({ maxLength: 64, blank: true }))),
  isActive: maybe(boolean()),
  rateLimit: maybe(
    nullable(
      dictionary({
        count: maybe(nullable(integer({ min: 0, max: MOST_EVENTS }))),
        window: maybe(nullable(integer({ min: 0, max: A_DAY_IN_SECONDS }))),
      }),
    ),
  ),
  browserSdkVersion: maybe(choice(SDK_VERSIONS)),
  dynamicSdkLoaderOptions: maybe(
    dictionary({
      hasReplay: maybe(boolean()),
      hasPerformance: maybe(boolean()),
      hasDebug: maybe(boolean()),
      hasFeedback: maybe(boolean()),
      hasLogsAndMetrics: maybe(boolean()),
    }),
  ),
});

/**
 * Reads the body of a new or a changed client key; an empty name counts as absent. Throws
 * `request.invalid` with the messages of every field that is wrong.
 */
export function parseClientKey(body: unknown): AskedOfKey {
  const { name, isActive, rateLimit, browserSdkVersion, dynamicSdkLoaderOptions } = parseBody(
    clientKey,
    body,
  );
  return {
    ...(name ? { name } : {}),
    ...(isActive === undefined ? {} : { isActive }),
    ...(rateLimit === undefined ? {} : { rateLimit: limitOf(rateLimit) }),
    ...(browserSdkVersion === undefined ? {} : { browserSdkVersion }),
    ...(dynamicSdkLoaderOptions === undefined
      ? {}
      : { loaderOptions: namedOptions(dynamicSdkLoaderOptions) }),
  };
}

/** A limit of no events, or over no time, is none. */
function limitOf(
  given: { readonly count?: number | null; readonly window?: number | null } | null,
): KeyRateLimit | null {
  return given?.count && given.window ? { count: given.count, window: given.window } : null;
}

function namedOptions(given: Partial<LoaderOptions>): Partial<LoaderOptions> {
  return Object.fromEntries(
    LOADER_OPTIONS.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
}
