import { expect, it } from 'vitest';
import { EXPOSED_HEADERS } from '../../../shared/http/routes/cross-origin.ts';
import { methodsOf } from '../../../shared/http/routes/methods.ts';
import { productTexts } from '../../support/product-source.ts';

/** The headers that every page may read, and those that are not about what is answered. */
const SAFE = /^(Content-Type|Allow|Vary|Access-Control-.*)$/;

it('a page may read every header that an answer of Baton has', () => {
  const sent = new Set(
    productTexts()
      .filter((text) => /headers|httpError|ApiReply/.test(text))
      .flatMap((text) => [
        ...text.matchAll(/[\s{,[']((?:X|[A-Z][a-z]+)(?:-[A-Z][a-z]+)+|ETag|Link)'?[:\]]/g),
      ])
      .map(([, name = '']) => name)
      .filter((name) => !SAFE.test(name)),
  );
  expect([...sent].filter((name) => name.startsWith('X-')).length).toBeGreaterThan(6);
  const requested = ['If-Match', 'If-None-Match', 'Idempotency-Key', 'User-Agent'];
  const exposed: readonly string[] = EXPOSED_HEADERS;
  expect([...sent].filter((name) => ![...exposed, ...requested].includes(name))).toEqual([]);
});

it('a path has the methods of its rows, HEAD beside GET, and OPTIONS', () => {
  const path = '/0/things/';
  const rows = [
    { method: 'GET', path },
    { method: 'PUT', path },
    { method: 'DELETE', path: '/0/others/' },
  ] as const;
  expect(methodsOf(rows, path)).toEqual(['GET', 'HEAD', 'PUT', 'OPTIONS']);
  expect(methodsOf(rows, '/0/others/')).toEqual(['DELETE', 'OPTIONS']);
});
