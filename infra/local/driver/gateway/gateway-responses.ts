import type { ServerResponse } from 'node:http';
import { refusal } from '../template/template.ts';
import type { Api } from './openapi.ts';
import type { GatewayRequest } from './proxy-event.ts';

/** The gateway responses: the status and the message of each unless the API overrides them. */
const RESPONSE_TYPES = {
  ACCESS_DENIED: [403, 'User is not authorized to access this resource'],
  AUTHORIZER_CONFIGURATION_ERROR: [500, 'Internal server error'],
  AUTHORIZER_FAILURE: [500, 'Internal server error'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out'],
  MALFORMED_ANSWER: [502, 'Internal server error'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token'],
  REQUEST_HEADERS_TOO_LARGE: [431, 'Request Header Fields Too Large'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long'],
  UNAUTHORIZED: [401, 'Unauthorized'],
  URI_TOO_LONG: [414, 'URI Too Long'],
} as const satisfies Record<string, readonly [number, string]>;

/** Types of API Gateway that the local gateway never answers with. */
const OTHER_TYPES = new Set([
  'DEFAULT_4XX',
  'DEFAULT_5XX',
  'API_CONFIGURATION_ERROR',
  'BAD_REQUEST_BODY',
  'BAD_REQUEST_PARAMETERS',
  'EXPIRED_TOKEN',
  'INTEGRATION_FAILURE',
  'INVALID_API_KEY',
  'INVALID_SIGNATURE',
  'QUOTA_EXCEEDED',
  'RESOURCE_NOT_FOUND',
  'THROTTLED',
  'UNSUPPORTED_MEDIA_TYPE',
  'WAF_FILTERED',
]);

/** The beginning of a source that names a header of the request. */
const REQUEST_HEADER = 'method.request.header.';

export type ResponseType = keyof typeof RESPONSE_TYPES;
export type GatewayResponses = ReturnType<typeof createGatewayResponses>;

/** Sends gateway responses, which the gateway answers without a function. */
export function createGatewayResponses({ gatewayResponses }: Api, path: string) {
  for (const [type, response] of gatewayResponses) {
    const at = `${path}.x-amazon-apigateway-gateway-responses.${type}`;
    if (!(type in RESPONSE_TYPES) && !OTHER_TYPES.has(type)) {
      throw refusal(at, 'there is no such response type.');
    }
    // A template with an unsupported variable is refused now and not at the first error.
    const probe = variables('', { requestId: '', headers: [] }, 'UNAUTHORIZED');
    fill(response.template ?? '', probe, at);
    for (const source of Object.values(response.headers)) {
      headerValue(source, probe, at);
    }
  }

  return {
    /** Answers with the gateway response of this type. */
    send(response: ServerResponse, type: ResponseType, request: Answered): void {
      const { requestId } = request;
      const [defaultStatus, message] = RESPONSE_TYPES[type];
      const fallback = defaultStatus < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
      const found = gatewayResponses.get(type) ?? gatewayResponses.get(fallback);
      const values = variables(message, request, type);
      const body = fill(
        found?.template ?? '{"message":$context.error.messageString}',
        values,
        path,
      );
      const headers = Object.entries(found?.headers ?? {}).flatMap(([name, source]) => {
        const value = headerValue(source, values, path);
        return value === undefined ? [] : [[name, value]];
      });
      response.writeHead(found?.statusCode ?? defaultStatus, {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'content-length': Buffer.byteLength(body),
        ...Object.fromEntries(headers),
      });
      response.end(body);
    },
  };
}

/** What of a request its gateway response can name. */
type Answered = Pick<GatewayRequest, 'requestId' | 'headers'>;

function variables(
  message: string,
  { requestId, headers }: Answered,
  type: ResponseType,
): Record<string, string> {
  const ofRequest = headers.map(([name, value]) => [REQUEST_HEADER + name.toLowerCase(), value]);
  return {
    ...Object.fromEntries(ofRequest),
    'context.error.message': message,
    'context.error.messageString': JSON.stringify(message),
    'context.error.responseType': type,
    'context.requestId': requestId,
    'context.extendedRequestId': requestId,
  };
}

function fill(template: string, values: Record<string, string>, path: string): string {
  return template.replaceAll(/\$([A-Za-z][\w.]*)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw refusal(path, `$${name} is not supported locally.`);
    }
    return value;
  });
}

/** Undefined for a header that the request does not have: the answer then has none either. */
function headerValue(
  source: string,
  values: Record<string, string>,
  path: string,
): string | undefined {
  if (source.startsWith(REQUEST_HEADER)) {
    return values[source.toLowerCase()];
  }
  const literal = /^'(.*)'$/.exec(source)?.[1];
  const value = literal ?? values[source];
  if (value === undefined) {
    throw refusal(path, `the header source ${source} is not supported locally.`);
  }
  return value;
}
