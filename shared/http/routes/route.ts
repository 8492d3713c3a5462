/** One row of the route table. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the stage `api`, with the trailing slash of Sentry's addresses: `/0/issues/{issue}/`. */
  readonly path: `/0/${string}` | '/0/';
  /** Unique name of what the caller asks for; the `operationId` of the API document. */
  readonly operation: string;
  /** The folder below `functions/` that answers. */
  readonly function: string;
  /** `token`: the authorizer lets it in. `signature`: the function itself verifies a signature over the raw body. */
  readonly access: 'token' | 'signature';
  /** One line for the API document. */
  readonly summary: string;
};
