import type { APIGatewayProxyEvent } from 'aws-lambda';
import { notFound } from '../domain/errors.ts';
import { type Caller, nobody, type OrganizationRef } from './access.ts';
import type { ApiRequest } from './api.ts';

/** Longer than any id, slug or short id, and short enough for every key of the table. */
const LONGEST_PARAMETER = 256;

const plausibleHost = /^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?$/i;

/** What an endpoint needs of the gateway's event, whose body is parsed already. */
export function readRequest(event: APIGatewayProxyEvent, operation: string): ApiRequest {
  const headers = lowerCaseNames(event.headers);
  return {
    operation,
    path: event.requestContext.path,
    params: readParams(event.pathParameters),
    query: readQuery(event),
    body: event.body,
    headers,
    requestId: event.requestContext.requestId,
    baseUrl: originOf(event, headers),
    caller: readCaller(event.requestContext.authorizer),
  };
}

/** Something that names nothing for its form alone is not there. */
function readParams(given: APIGatewayProxyEvent['pathParameters']): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(given ?? {})) {
    const text = decode(value ?? '').toWellFormed();
    if (text.length > LONGEST_PARAMETER) {
      throw notFound();
    }
    params[name] = text;
  }
  return params;
}

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

/** A header's value by its lower-case name; the gateway keeps names as the client wrote them. */
export function headerOf(
  headers: APIGatewayProxyEvent['headers'] | null,
  name: string,
): string | undefined {
  return lowerCaseNames(headers)[name];
}

function lowerCaseNames(headers: APIGatewayProxyEvent['headers'] | null): Record<string, string> {
  const named: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value !== undefined) {
      named[name.toLowerCase()] = value;
    }
  }
  return named;
}

/**
 * A `Host` that is no host would end up in every link of the answer, and some of them in a URL that
 * there is not: then the gateway's own name is used, which on one machine is what the caller sent.
 */
function originOf(event: APIGatewayProxyEvent, headers: Record<string, string>): string {
  const protocol = headers['x-forwarded-proto'] === 'http' ? 'http' : 'https';
  const names = [headers.host?.trim(), event.requestContext.domainName];
  return `${protocol}://${names.find(isHost) ?? 'localhost'}`;
}

/** The form alone lets ports beyond 65535 through, and addresses of five numbers. */
function isHost(name: string | undefined): name is string {
  return name !== undefined && plausibleHost.test(name) && URL.canParse(`https://${name}`);
}

/**
 * Values of the authorizer's context are text, all of them; a route without an authorizer has none.
 */
function readCaller(context: APIGatewayProxyEvent['requestContext']['authorizer']): Caller {
  if (typeof context?.tokenId !== 'string') {
    return nobody;
  }
  return {
    tokenId: context.tokenId,
    userId: context.userId === '' ? null : String(context.userId),
    organizations: JSON.parse(String(context.organizations)) as OrganizationRef[],
    scopes: new Set(String(context.scopes).split(' ')),
  };
}
