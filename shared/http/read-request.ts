import type { APIGatewayProxyEvent } from 'aws-lambda';
import { notFound } from '../domain/errors.ts';
import { uncounted } from '../operations/while-counted.ts';
import { type Caller, nobody, type OrganizationRef, requireOrganization } from './access.ts';
import { bodyOf } from './body.ts';
import type { ApiRequest } from './endpoint.ts';
import type { Route } from './routes.ts';

/** Longer than any id, slug or short id, and short enough for every key of the table. */
const LONGEST_PARAMETER = 256;

const plausibleHost = /^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?$/i;

/** A request of any route; `params` has every parameter that the route's path names. */
export type ReadRequest = ApiRequest & {
  readonly params: Readonly<Record<string, string>>;
  readonly organization?: OrganizationRef;
};

/**
 * Reads the gateway's event, whose header names are in lower case and whose body is parsed. Throws
 * `resource.not_found` for a parameter that no row can have as its name, and for an organization
 * that the token does not reach.
 */
export function readRequest(event: APIGatewayProxyEvent, route: Route): ReadRequest {
  const { requestId, path, authorizer } = event.requestContext;
  const caller = readCaller(authorizer);
  const params = readParams(route, event.pathParameters ?? {});
  const organization = params.org === undefined ? null : requireOrganization(caller, params.org);
  return {
    caller,
    initiator: { actingUserId: caller.userId, requestId },
    organizations: organization === null ? caller.organizations : [organization],
    ...(organization && { organization }),
    params,
    path,
    query: readQuery(event),
    get body() {
      return bodyOf(event);
    },
    headers: readHeaders(event),
    whileCounted: uncounted,
    baseUrl: originOf(event),
  };
}

/** Several lines of one header are one list, in their order. RFC 9110, section 5.3. */
function readHeaders({ headers, multiValueHeaders }: APIGatewayProxyEvent): ApiRequest['headers'] {
  const lines = Object.entries(multiValueHeaders ?? {}).map(
    ([name, values]) => [name, values?.join(', ')] as const,
  );
  return { ...headers, ...Object.fromEntries(lines) };
}

function readParams(
  route: Route,
  given: NonNullable<APIGatewayProxyEvent['pathParameters']>,
): Record<string, string> {
  const params = new Map<string, string>();
  for (const [, name = ''] of route.path.matchAll(/\{(\w+)\}/g)) {
    const text = decode(given[name] ?? '').toWellFormed();
    if (text.length > LONGEST_PARAMETER) {
      throw notFound();
    }
    params.set(name, text);
  }
  return Object.fromEntries(params);
}

/**
 * A broken percent sequence is left as it is and names nothing, which is 404; middy's
 * http-urlencode-path-parser would answer 400.
 */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readQuery(event: APIGatewayProxyEvent): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(event.multiValueQueryStringParameters ?? {})) {
    for (const value of values ?? []) {
      query.append(name, value);
    }
  }
  return query;
}

/**
 * The origin for the links of an answer. A `Host` header that is no host would break them, so the
 * gateway's own name is used instead; on the local stack that is what the caller sent.
 */
function originOf({ headers, requestContext }: APIGatewayProxyEvent): string {
  const protocol = headers['x-forwarded-proto'] === 'http' ? 'http' : 'https';
  const names = [headers.host?.trim(), requestContext.domainName];
  return `${protocol}://${names.find(isHost) ?? 'localhost'}`;
}

/** The pattern alone accepts ports beyond 65535 and addresses of five numbers. */
function isHost(name: string | undefined): name is string {
  return name !== undefined && plausibleHost.test(name) && URL.canParse(`https://${name}`);
}

/** All values of the authorizer's context are text; a route without an authorizer has none. */
function readCaller(context: APIGatewayProxyEvent['requestContext']['authorizer']): Caller {
  if (typeof context?.tokenId !== 'string') {
    return nobody;
  }
  return {
    tokenId: context.tokenId,
    userId: context.userId === '' ? null : String(context.userId),
    organizations: JSON.parse(String(context.organizations)) as OrganizationRef[],
    scopes: String(context.scopes).split(' '),
  };
}
