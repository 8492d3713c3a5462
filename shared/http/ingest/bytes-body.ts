import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { DomainError } from '../../domain/errors.ts';
import { bodyTooLarge, MAX_BODY_BYTES, receive, requireReadableSize } from '../body.ts';
import type { Middleware } from '../middleware.ts';

type Unpack = (bytes: Buffer) => Buffer;

/** A packed body may be a bomb: nothing is unpacked beyond what is read. */
const bounded = { maxOutputLength: MAX_BODY_BYTES };

const unpackers: ReadonlyMap<string, Unpack> = new Map(
  Object.entries<Unpack>({
    '': (bytes) => bytes,
    identity: (bytes) => bytes,
    gzip: (bytes) => gunzipSync(bytes, bounded),
    'x-gzip': (bytes) => gunzipSync(bytes, bounded),
    deflate: inflate,
    br: (bytes) => brotliDecompressSync(bytes, bounded),
  }),
);

/**
 * Leaves the body as the bytes that were sent, unpacked as `Content-Encoding` says; of more than
 * 1 MiB, packed or not, it is answered 413. A body that cannot be unpacked is answered 400, an
 * encoding that nobody here knows 415, once an endpoint reads it.
 */
export function bytesBody(): Middleware {
  return {
    before({ event }) {
      requireReadableSize(event);
      const bytes = bytesOf(event);
      const encoding = event.headers['content-encoding']?.trim().toLowerCase() ?? '';
      receive(event, { text: '', read: () => unpacked(bytes, encoding) });
    },
  };
}

function bytesOf({ body, isBase64Encoded }: APIGatewayProxyEvent): Buffer {
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

function unpacked(bytes: Buffer, encoding: string): Buffer {
  const unpack = unpackers.get(encoding);
  if (unpack === undefined) {
    throw new DomainError(
      'request.media_type',
      `Unsupported content encoding "${encoding}" in request: send gzip, deflate, br or none.`,
    );
  }
  try {
    return unpack(bytes);
  } catch (error) {
    if (isTooLarge(error)) {
      throw bodyTooLarge();
    }
    throw new DomainError('request.malformed', `The body is not ${encoding}.`, { cause: error });
  }
}

/** With the header of zlib, as the standard has it, or without, as some send it. */
function inflate(bytes: Buffer): Buffer {
  try {
    return inflateSync(bytes, bounded);
  } catch (error) {
    if (isTooLarge(error)) {
      throw error;
    }
    return inflateRawSync(bytes, bounded);
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
