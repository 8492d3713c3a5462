import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Functions } from '../lambda/functions.ts';
import { type InFlight, rootsFrom } from '../services/in-flight.ts';
import type { Observe } from '../services/observation.ts';
import { pathOf } from '../services/server.ts';
import { createAuthorizer } from './authorizer.ts';
import type { GatewayResponses } from './gateway-responses.ts';
import type { Api, Route } from './openapi.ts';
import {
  type AuthorizerContext,
  type GatewayIds,
  type GatewayRequest,
  toGatewayRequest,
  toProxyEvent,
} from './proxy-event.ts';
import { createRouter } from './router.ts';

/** The maximum size of the request line and the headers together. */
const MAX_HEAD_BYTES = 10_240;

/** What of a body those are told who watch. */
const MAX_TOLD_BYTES = 65_536;

type GatewayOptions = {
  api: Api;
  responses: GatewayResponses;
  ids: GatewayIds;
  methodArnPrefix: string;
  functions: Functions;
  inFlight: InFlight;
  observe: Observe;
};

/** The answer that a proxy integration has to return. */
type ProxyAnswer = {
  statusCode: number;
  headers?: Record<string, string | number | boolean>;
  multiValueHeaders?: Record<string, (string | number | boolean)[]>;
  body?: string;
};

export type Gateway = ReturnType<typeof createGateway>;

/** Serves the API like API Gateway: routes, authorizer, proxy integrations, gateway responses. */
export function createGateway({
  api,
  responses,
  ids,
  methodArnPrefix,
  functions,
  inFlight,
  observe,
}: GatewayOptions) {
  const match = createRouter(api.routes);
  const authorizers = new Map(
    [...api.authorizers.values()].map((one) => [one.name, createAuthorizer(one, functions)]),
  );
  for (const { functionArn } of api.routes) {
    functions.get(functionArn);
  }

  const authorize = async (route: Route, request: GatewayRequest, event: object) => {
    const authorizer = authorizers.get(route.authorizer ?? '');
    if (!authorizer) {
      return { kind: 'allowed' as const, context: undefined };
    }
    const methodArn = `${methodArnPrefix}/${ids.stage}/${request.method}${request.path}`;
    return authorizer.authorize({ request, methodArn, event: event as Record<string, unknown> });
  };

  const integrate = async (
    route: Route,
    event: object,
    response: ServerResponse,
    request: GatewayRequest,
  ) => {
    const roots = rootsFrom([request.requestId]);
    const invocation = functions.get(route.functionArn).invoke(event, { roots });
    const outcome = await withTimeout(invocation, route.timeoutMs);
    if (!outcome) {
      return responses.send(response, 'INTEGRATION_TIMEOUT', request);
    }
    if (!outcome.ok && outcome.error.errorType === 'RequestTooLarge') {
      return responses.send(response, 'REQUEST_TOO_LARGE', request);
    }
    const answer = outcome.ok ? readAnswer(outcome.payload) : undefined;
    if (!answer || !sendAnswer(response, answer, request)) {
      responses.send(response, 'MALFORMED_ANSWER', request);
    }
  };

  const serve = async (request: GatewayRequest, response: ServerResponse) => {
    const found = match(request.method, request.path);
    if (!found) {
      return responses.send(response, 'MISSING_AUTHENTICATION_TOKEN', request);
    }
    const event = (context?: AuthorizerContext) =>
      toProxyEvent(request, found, { ids, takesBytes: api.takesBytes }, context);
    const verdict = await authorize(found.route, request, event());
    if (verdict.kind === 'refused') {
      return responses.send(response, verdict.type, request);
    }
    return integrate(found.route, event(verdict.context), response, request);
  };

  /** Tells of a request now, and of its answer when that is sent. */
  const tell = (incoming: IncomingMessage, request: GatewayRequest, response: ServerResponse) => {
    const { requestId: id, method } = request;
    const body = request.body.toString('utf8', 0, MAX_TOLD_BYTES);
    const [path = '', query = ''] = (incoming.url ?? '/').split(/\?(.*)/s);
    observe({ what: 'request', id, method, path, query, body });
    response.once('finish', () => {
      const route = match(method, request.path)?.route;
      const by = route && functions.get(route.functionArn).name;
      const ms = Date.now() - request.receivedAt.getTime();
      observe({ what: 'answer', id, status: response.statusCode, ms, by });
    });
  };

  return {
    /** Answers a request below the stage. `body` is undefined if it was larger than 10 MB. */
    async handle(
      incoming: IncomingMessage,
      body: Buffer | undefined,
      response: ServerResponse,
    ): Promise<void> {
      const work = inFlight.begin(`request ${incoming.method} ${pathOf(incoming).slice(0, 200)}`);
      response.once('close', work.end);
      const request = toGatewayRequest(incoming, ids.stage, body ?? Buffer.alloc(0));
      tell(incoming, request, response);
      const tooLong = headProblem(incoming);
      if (tooLong !== undefined) {
        responses.send(response, tooLong, request);
      } else if (body === undefined) {
        responses.send(response, 'REQUEST_TOO_LARGE', request);
      } else {
        await serve(request, response);
      }
      work.end();
    },
  };
}

/**
 * The response to a request whose line and headers are too long: about the address if that is too
 * long alone, else about the headers.
 */
function headProblem(
  incoming: IncomingMessage,
): 'URI_TOO_LONG' | 'REQUEST_HEADERS_TOO_LARGE' | undefined {
  const { method = '', url = '', httpVersion, rawHeaders } = incoming;
  const line = Buffer.byteLength(`${method} ${url} HTTP/${httpVersion}\r\n`);
  // Each header is `name: value` and a line break: four bytes beside the name and the value.
  const headers = rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text, 'latin1') + 2, 0);
  if (line > MAX_HEAD_BYTES) {
    return 'URI_TOO_LONG';
  }
  return line + headers > MAX_HEAD_BYTES ? 'REQUEST_HEADERS_TOO_LARGE' : undefined;
}

async function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

const ANSWER_KEYS = new Set([
  'statusCode',
  'headers',
  'multiValueHeaders',
  'body',
  'isBase64Encoded',
]);

/** Undefined for an answer that API Gateway refuses as malformed. */
function readAnswer(payload: string): ProxyAnswer | undefined {
  const answer: unknown = JSON.parse(payload);
  if (typeof answer !== 'object' || answer === null) {
    return undefined;
  }
  if (Object.keys(answer).some((key) => !ANSWER_KEYS.has(key))) {
    return undefined;
  }
  const { statusCode, body, headers, multiValueHeaders } = answer as Record<string, unknown>;
  const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
  const isMap = (map: unknown, accepts: (value: unknown) => boolean) =>
    map === undefined ||
    map === null ||
    (typeof map === 'object' && Object.values(map).every(accepts));
  const isWellFormed =
    Number.isInteger(statusCode) &&
    (body === undefined || body === null || typeof body === 'string') &&
    isMap(headers, isScalar) &&
    isMap(multiValueHeaders, (values) => Array.isArray(values) && values.every(isScalar));
  return isWellFormed ? (answer as ProxyAnswer) : undefined;
}

/**
 * Sends the answer of a function; returns false, and sends nothing, for a status or a header that
 * HTTP does not allow.
 */
function sendAnswer(
  response: ServerResponse,
  answer: ProxyAnswer,
  { requestId, method }: GatewayRequest,
): boolean {
  const headers = new Map<string, string | string[]>([
    ['content-type', 'application/json'],
    ['x-amzn-requestid', requestId],
  ]);
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    headers.set(name.toLowerCase(), String(value));
  }
  for (const [name, values] of Object.entries(answer.multiValueHeaders ?? {})) {
    headers.set(name.toLowerCase(), values.map(String));
  }
  headers.delete('transfer-encoding');
  headers.delete('connection');
  const body = answer.body ?? '';
  // The answer to HEAD says nothing of a length that the function has not told.
  const mayHaveBody =
    method !== 'HEAD' && answer.statusCode >= 200 && ![204, 304].includes(answer.statusCode);
  if (mayHaveBody) {
    headers.set('content-length', String(Buffer.byteLength(body)));
  } else {
    headers.delete('content-length');
  }
  try {
    response.writeHead(answer.statusCode, Object.fromEntries(headers));
  } catch {
    return false;
  }
  response.end(mayHaveBody ? body : undefined);
  return true;
}
