/**
 * What a token may be allowed to do, in Sentry's words; `x:admin` includes `x:write`, which
 * includes `x:read`.
 */
export type Scope =
  `${'event' | 'project' | 'org' | 'team' | 'member'}:${'read' | 'write' | 'admin'}`;

/** The parameters that narrow a list, wherever they are understood. */
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
  readonly path: `/0/${string}` | '/0/';
  /** Unique name of what the caller asks for; the `operationId` of the API document. */
  readonly operation: string;
  /** The folder below `functions/` that answers. */
  readonly function: string;
  /** One line for the API document. */
  readonly summary: string;
  /**
   * For a list: the parameters that narrow it. Any other one of those is refused, since it would
   * show more than was asked.
   */
  readonly narrowedBy?: readonly (typeof narrowingParameters)[number][];
} & (
  | {
      /** The authorizer lets a token in. */
      readonly access: 'token';
      /**
       * Any one of these is needed at least; none for what every token may. An endpoint may ask for
       * more.
       */
      readonly scopes: readonly Scope[];
    }
  /** The function itself verifies a signature over the raw body. */
  | { readonly access: 'signature' }
);
