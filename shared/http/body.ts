import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { DomainError } from '../domain/errors.ts';
import { jsonDepth, MAX_JSON_DEPTH, tooDeep } from '../domain/json.ts';
import type { Middleware } from './middleware.ts';

/** What a body may have, 1 MiB. */
export const MAX_BODY_BYTES = 1024 * 1024;
const methodsWithBody: ReadonlySet<string> = new Set(['POST', 'PUT']);
const jsonMediaType = /^application\/(?:[a-z0-9.+-]+\+)?json *(?:;|$)/i;

/** What takes the place of the text in the gateway's event. */
type ReceivedBody = {
  /** As it was sent. */
  readonly text: string;
  /** Throws for a text that cannot be read: others may be the first to refuse the request. */
  readonly read: () => unknown;
};

/** The body of a request that has been received; throws for one that is no JSON. */
export function bodyOf(event: APIGatewayProxyEvent): unknown {
  return receivedIn(event).read();
}

/** The text of the same body, as it was sent. */
export function bodyTextOf(event: APIGatewayProxyEvent): string {
  return receivedIn(event).text;
}

/**
 * Parses the body of POST and PUT requests as JSON whatever their `Content-Type` says, since
 * clients forget the header. A body that is no JSON, or is nested deeper than `MAX_JSON_DEPTH`, is
 * answered 400, or 415 if the header names another media type, once an endpoint reads it; one of
 * more than 1 MiB is not parsed and answered 413.
 */
export function jsonBody(): Middleware {
  const parser = httpJsonBodyParser({
    disableContentTypeCheck: true,
    // DynamoDB refuses text that is not well-formed Unicode.
    reviver: (_key, value) => (typeof value === 'string' ? value.toWellFormed() : value),
  }) as Middleware;
  return {
    async before(request) {
      const { event } = request;
      requireReadableSize(event);
      const text = textOf(event);
      if (text === '' || !methodsWithBody.has(event.httpMethod)) {
        receive(event, { text, read: () => undefined });
        return;
      }
      try {
        if (jsonDepth(text) > MAX_JSON_DEPTH) {
          throw new SyntaxError(tooDeep);
        }
        await parser.before?.(request);
        const parsed: unknown = event.body;
        receive(event, { text, read: () => parsed });
      } catch (error) {
        const refusal = unreadableBody(event, error);
        receive(event, {
          text,
          read: () => {
            throw refusal;
          },
        });
      }
    },
  };
}

/** Leaves the body as the text that was sent; one of more than 1 MiB is answered 413. */
export function rawBody(): Middleware {
  return {
    before({ event }) {
      requireReadableSize(event);
      const text = textOf(event);
      const read = event.body === null ? () => undefined : () => text;
      receive(event, { text, read });
    },
  };
}

/** The body as text; empty where there is none. */
function textOf({ body, isBase64Encoded }: APIGatewayProxyEvent): string {
  return body && isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : (body ?? '');
}

/**
 * Puts a received body into the event, which its type does not allow for: middy's own parsers do
 * the same.
 */
export function receive(event: APIGatewayProxyEvent, body: ReceivedBody): void {
  (event as { body: unknown }).body = body;
}

function receivedIn(event: APIGatewayProxyEvent): ReceivedBody {
  return event.body as unknown as ReceivedBody;
}

/** Throws `request.too_large` for more than 1 MiB. */
export function requireReadableSize(event: APIGatewayProxyEvent): void {
  if (bodyBytes(event) > MAX_BODY_BYTES) {
    throw bodyTooLarge();
  }
}

/** The body is larger than what is read. */
export function bodyTooLarge(): DomainError {
  return new DomainError('request.too_large', 'Request body too large');
}

function bodyBytes({ body, isBase64Encoded }: APIGatewayProxyEvent): number {
  return Buffer.byteLength(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

function unreadableBody(event: APIGatewayProxyEvent, error: unknown): DomainError {
  const mediaType = event.headers['content-type']?.trim() ?? '';
  if (mediaType !== '' && !jsonMediaType.test(mediaType)) {
    return new DomainError(
      'request.media_type',
      `Unsupported media type "${mediaType}" in request.`,
      { cause: error },
    );
  }
  return new DomainError('request.malformed', `JSON parse error - ${reasonOf(error)}`, {
    cause: error,
  });
}

/** middy's parser keeps the message of `JSON.parse` in the error's cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return 'the body is not JSON';
  }
  const { cause } = error;
  if (typeof cause === 'object' && cause !== null && 'message' in cause) {
    return String(cause.message);
  }
  return error.message;
}
