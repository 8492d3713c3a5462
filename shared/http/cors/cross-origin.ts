import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Middleware } from '../middleware.ts';
import { ALLOWED_HEADERS, EVERY_ORIGIN, EXPOSED_HEADERS } from '../routes/cross-origin.ts';
import { methodsOf } from '../routes/methods.ts';
import { ROUTES } from '../routes.ts';

/** Seconds for which a browser does not ask again; more than two hours none of them believes. */
const PREFLIGHT_SECONDS = '7200';

/** Pages of every origin may read what SDKs are told: a client key is public. */
export const everyOrigin = { allowedOrigins: [EVERY_ORIGIN] };

/**
 * Lets pages of these origins read every answer, those that refuse a request among them. An answer
 * to another origin has no such header. The token is in a header that a page sets itself, so no
 * cookies are let through.
 */
export function crossOrigin(allowedOrigins: readonly string[]): Middleware {
  const tell: Middleware['after'] = ({ event, response }) => {
    if (!response || allowedOrigins.length === 0) {
      return;
    }
    const origin = originOf(event);
    response.headers = {
      ...response.headers,
      Vary: 'Origin',
      ...(isAllowed(origin, allowedOrigins) && {
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Expose-Headers': EXPOSED_HEADERS.join(', '),
      }),
    };
  };
  return { after: tell, onError: tell };
}

/**
 * The answer to `OPTIONS`, without a token and without a look at anything: the methods of the path,
 * and for a page of an allowed origin what it may send.
 */
export function optionsReply(
  event: APIGatewayProxyEvent,
  allowedOrigins: readonly string[],
): APIGatewayProxyResult {
  const methods = methodsOf(ROUTES, `${event.resource}/`).join(', ');
  return {
    statusCode: 204,
    headers: {
      Allow: methods,
      ...(isAllowed(originOf(event), allowedOrigins) && {
        'Access-Control-Allow-Methods': methods,
        'Access-Control-Allow-Headers': ALLOWED_HEADERS.join(', '),
        'Access-Control-Max-Age': PREFLIGHT_SECONDS,
      }),
    },
    body: '',
  };
}

function isAllowed(origin: string, allowedOrigins: readonly string[]): boolean {
  const isEvery = origin !== '' && allowedOrigins.includes(EVERY_ORIGIN);
  return isEvery || allowedOrigins.includes(origin);
}

/** The names of headers are in lower case by then, except where reading them has failed. */
function originOf({ headers }: APIGatewayProxyEvent): string {
  return headers?.origin ?? headers?.Origin ?? '';
}

/** Leaves out the body of an answer to `HEAD`, whichever it is. */
export function bodylessHead(): Middleware {
  const strip: Middleware['after'] = ({ event, response }) => {
    if (event.httpMethod === 'HEAD' && response) {
      response.body = '';
    }
  };
  return { after: strip, onError: strip };
}
