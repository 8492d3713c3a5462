/**
 * A permission of a token, by Sentry's names; `x:admin` includes `x:write`, which includes
 * `x:read`.
 */
export type Scope =
  `${'event' | 'project' | 'org' | 'team' | 'member'}:${'read' | 'write' | 'admin'}`;

/** The query parameters by which lists can be narrowed; each list supports some of them. */
export const narrowingParameters = [
  'environment',
  'statsPeriod',
  'start',
  'end',
  'query',
  'project',
  'status',
  'group',
  'id',
] as const;

/** One row of the route table. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the stage `api`, with the trailing slash of Sentry's addresses: `/0/issues/{issue}/`. */
  readonly path: `/0/${string}` | '/0/' | `/{projectId}/${string}/`;
  /** Unique; the `operationId` of the API document. */
  readonly operation: string;
  /** The folder below `functions/` whose handler answers the route. */
  readonly function: string;
  /**
   * Every list says by which parameters it can be narrowed, and so does every write that has a
   * worker go over many issues. The others are refused: if one were ignored, the answer would hold
   * more than the caller asked for, or more would be changed.
   */
  readonly narrowedBy?: readonly (typeof narrowingParameters)[number][];
  /** How often a caller may call it in any second; routes of one operation are counted together. */
  readonly rateLimit?: { readonly operation: string; readonly perSecond: number };
  /**
   * A write that is more than one transaction: under an `Idempotency-Key` it claims the key before
   * it begins. Every other write puts the record of its key into its one transaction.
   */
  readonly claimsKey?: true;
  /**
   * The answer has the `ETag` of the one thing that it shows: a GET heeds `If-None-Match`, a PUT
   * `If-Match`.
   */
  readonly tagged?: true;
  /**
   * The answer shows a `secret` this once. Under an `Idempotency-Key` only where it lies is kept,
   * and a repeat is answered with it again.
   */
  readonly showsSecret?: true;
  /** A write that a caller may have tried: `dryRun` says what it would come to. */
  readonly takesDryRun?: true;
  /** A POST that heeds `If-Match` as a PUT of the same thing does. */
  readonly heedsMatch?: true;
} & (
  | {
      /** The authorizer requires a token. */
      readonly access: 'token';
      /**
       * The token needs one of these scopes. For some fields of a body the endpoint requires more;
       * the API document says so.
       */
      readonly scopes: readonly [Scope, ...Scope[]];
      /** And this one, where what is shown or set up tells of what has a scope of its own. */
      readonly alsoScope?: Scope;
    }
  | { readonly access: 'token'; readonly scopes: readonly []; readonly whyNoScope: string }
  /** The function itself verifies a signature over the raw body. */
  | { readonly access: 'signature'; readonly whyNoScope: string }
  /** The function itself looks for a client key, which is public. */
  | { readonly access: 'client key'; readonly whyNoScope: string }
);

/** Whether a route is a write that a caller may repeat under an `Idempotency-Key`. */
export function takesKey({ method, access }: Pick<Route, 'method' | 'access'>): boolean {
  return method !== 'GET' && access === 'token';
}

/** Whether a route is made only while the thing is as the caller has read it. */
export function heedsIfMatch({
  method,
  tagged,
  heedsMatch,
}: Pick<Route, 'method' | 'tagged' | 'heedsMatch'>): boolean {
  return tagged === true && (method === 'PUT' || heedsMatch === true);
}

/** The optional headers that a route heeds, in its document. */
export function headersOf(route: Route): readonly RequestHeader[] {
  const { method, tagged = false } = route;
  return [
    ...(takesKey(route) ? [requestHeaders.idempotencyKey] : []),
    ...(heedsIfMatch(route) ? [requestHeaders.ifMatch] : []),
    ...(tagged && method === 'GET' ? [requestHeaders.ifNoneMatch] : []),
  ];
}

/** A header that a caller may send, and what it is for. */
export type RequestHeader = { readonly name: string; readonly description: string };

const requestHeaders = {
  idempotencyKey: {
    name: 'Idempotency-Key',
    description:
      '1 to 255 printable characters. For 24 hours a repeat of the request under the same key is answered as it was, and not applied again.',
  },
  ifMatch: {
    name: 'If-Match',
    description: 'Change it only while its ETag is one of these; else the answer is 412.',
  },
  ifNoneMatch: {
    name: 'If-None-Match',
    description: 'Answer 304, without a body, while its ETag is one of these.',
  },
} as const satisfies Record<string, RequestHeader>;
