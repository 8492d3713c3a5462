import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../../shared/domain/errors.ts';
import { bodyOf } from '../../../shared/http/body.ts';
import { bytesBody } from '../../../shared/http/ingest/bytes-body.ts';
import { publicKeyOf } from '../../../shared/http/ingest/public-key.ts';
import { gatewayEvent } from '../gateway-event.ts';

const MIB = 1024 * 1024;

/** What an endpoint reads of a body, or the code of its refusal. */
function bodyRead(bytes: Buffer, encoding?: string): unknown {
  const event = gatewayEvent({
    method: 'POST',
    resource: '/{projectId}/envelope',
    body: bytes.toString('base64'),
    base64: true,
  });
  event.headers = encoding === undefined ? {} : { 'content-encoding': encoding };
  try {
    bytesBody().before?.({
      event,
      context: {} as Context,
      response: null,
      error: null,
      internal: {},
    });
    return String(bodyOf(event));
  } catch (error) {
    return error instanceof DomainError ? error.code : error;
  }
}

const text = Buffer.from('{"a":"ü"}');
const ofSize = (size: number) => Buffer.alloc(size, 'a');

describe('a body of bytes', () => {
  it.each<[string | undefined, Buffer]>([
    [undefined, text],
    ['identity', text],
    ['gzip', gzipSync(text)],
    ['GZIP', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
  ])('that is packed as %s is unpacked', (encoding, bytes) => {
    expect(bodyRead(bytes, encoding)).toBe('{"a":"ü"}');
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ] as const)('of 1 MiB is read, and not of a byte more: %s', (encoding, pack) => {
    expect(String(bodyRead(pack(ofSize(MIB)), encoding)).length).toBe(MIB);
    expect(bodyRead(pack(ofSize(MIB + 1)), encoding)).toBe('request.too_large');
    expect(bodyRead(pack(ofSize(64 * MIB)), encoding)).toBe('request.too_large');
  });

  it('that was never packed may have 1 MiB too', () => {
    expect(String(bodyRead(ofSize(MIB))).length).toBe(MIB);
    expect(bodyRead(ofSize(MIB + 1))).toBe('request.too_large');
  });

  it.each(['gzip', 'deflate', 'br'])('that is not %s is refused', (encoding) => {
    expect(bodyRead(Buffer.from('hello'), encoding)).toBe('request.malformed');
  });

  it.each(['zstd', 'gzip, br', 'constructor'])('in the encoding %s is refused', (encoding) => {
    expect(bodyRead(text, encoding)).toBe('request.media_type');
  });
});

describe('the public key', () => {
  it.each<[Readonly<Record<string, string>>, string, string | undefined]>([
    [{ 'x-sentry-auth': 'Sentry sentry_version=7, sentry_key=abc, sentry_client=x/1' }, '', 'abc'],
    [{ 'x-sentry-auth': 'Sentry sentry_key=abc,sentry_version=7' }, '', 'abc'],
    [{ authorization: 'Sentry sentry_key=abc' }, '', 'abc'],
    [{}, 'sentry_version=7&sentry_key=abc', 'abc'],
    [{ 'x-sentry-auth': 'Sentry sentry_version=7' }, 'sentry_key=abc', 'abc'],
    [{ authorization: 'Bearer sentry_key=abc' }, '', undefined],
    [{ authorization: 'Bearer x' }, 'sentry_key=', undefined],
    [{}, '', undefined],
  ])('of %j and ?%s is %s', (headers, query, key) => {
    expect(publicKeyOf({ headers, query: new URLSearchParams(query) })).toBe(key);
  });
});
