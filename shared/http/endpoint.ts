import type { Initiator } from '../operations/event-context.ts';
import type { WhileCounted } from '../operations/while-counted.ts';
import type { Caller, OrganizationRef } from './access.ts';
import type { FunctionName, Operation, ROUTES } from './routes.ts';

/** What every endpoint gets of a request, whatever its path. */
export type ApiRequest = {
  readonly caller: Caller;
  /** Who acts in this request, as operations record it. */
  readonly initiator: Initiator;
  /**
   * The organizations whose data the request may see: the one that its path names, else all that
   * its token reaches.
   */
  readonly organizations: readonly OrganizationRef[];
  /** As the caller sent it, below the origin: `/api/0/organizations/acme/issues/`. */
  readonly path: string;
  /** The query string, repeated values kept in order. */
  readonly query: URLSearchParams;
  /**
   * The parsed JSON, or the text for a function with `body: 'raw'`; undefined for a request without
   * a body. Reading it throws `request.malformed` for a body that is no JSON.
   */
  readonly body: unknown;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** What the endpoint of a limited route reads before it writes or answers goes through it. */
  readonly whileCounted: WhileCounted;
  /** The origin as the caller sees it, e.g. `http://127.0.0.1:8787`. */
  readonly baseUrl: string;
};

/** The parameters that a path template names: `{org}` and `{issue}` of `/0/.../{org}/{issue}/`. */
export type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

type PathOf<O extends Operation> = Extract<
  (typeof ROUTES)[number],
  { readonly operation: O }
>['path'];

/**
 * A request of one operation of the route table: `params` holds the decoded parameters of its path,
 * and `organization` is there where the path has `{org}`. For several operations it is any of
 * theirs.
 */
export type RequestOf<O extends Operation> = O extends Operation
  ? ApiRequest & {
      readonly params: { readonly [Name in NamesIn<PathOf<O>>]: string };
    } & ('org' extends NamesIn<PathOf<O>> ? { readonly organization: OrganizationRef } : unknown)
  : never;

export type ApiReply = {
  readonly status: number;
  /** Sent as JSON; absent for an answer without a body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The tag of the one thing that the answer shows. */
  readonly etag?: string;
  /** By what the `secret` of the body is found again. */
  readonly secretReference?: string;
};

/** An answer of a route whose row says `tagged`: it has a tag wherever it shows anything. */
export type TaggedReply = ApiReply &
  ({ readonly etag: string } | { readonly status: 204 } | DryRunReply);

/** An answer that says what a write would come to. */
export type DryRunReply = ApiReply & { readonly body: { readonly dryRun: true } };

/** An answer of a route whose row says `showsSecret`. */
type SecretReply = ApiReply & {
  readonly body: { readonly secret: string };
  readonly secretReference: string;
};

type ReplyOf<O extends Operation> =
  Extract<(typeof ROUTES)[number], { readonly operation: O }> extends { readonly tagged: true }
    ? TaggedReply
    : Extract<(typeof ROUTES)[number], { readonly operation: O }> extends {
          readonly showsSecret: true;
        }
      ? SecretReply
      : ApiReply;

/**
 * Answers an operation of the route table, or any of several, once the request has been admitted. A
 * DomainError that it throws becomes the answer that `errors.ts` has for it; any other error is
 * logged and answered 500.
 */
export type Endpoint<O extends Operation, Deps> = (
  deps: Deps,
  request: RequestOf<O>,
) => Promise<ReplyOf<O>>;

/** An endpoint for each operation that the route table assigns to a function. */
export type EndpointsOf<F extends FunctionName, Deps> = {
  readonly [O in Extract<(typeof ROUTES)[number], { readonly function: F }>['operation']]: Endpoint<
    O,
    Deps
  >;
};
