import { expect, it } from 'vitest';
import { refusalOfOrigin } from '../../../../../infra/local/driver/services/same-origin.ts';

const OWN = { host: '127.0.0.1:8787' };
const OTHER = 'Pages of other origins may not use the addresses of the local stack.';
const name = (host: string) =>
  `The local stack is not ${host}: ask for it as 127.0.0.1 or localhost.`;

it.each<[string, string, Record<string, string>, string | undefined]>([
  ['a program', 'GET', OWN, undefined],
  ['a program that says localhost', 'PUT', { host: 'localhost:8787' }, undefined],
  ['a program over IPv6', 'GET', { host: '[::1]:8787' }, undefined],
  ['a page of the stack', 'GET', { ...OWN, 'sec-fetch-site': 'same-origin' }, undefined],
  [
    'a page of the stack that writes',
    'PUT',
    { ...OWN, origin: 'http://127.0.0.1:8787' },
    undefined,
  ],
  ['a typed address', 'GET', { ...OWN, 'sec-fetch-site': 'none' }, undefined],
  [
    'a link on another page',
    'GET',
    { ...OWN, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' },
    undefined,
  ],
  ['another page', 'GET', { ...OWN, origin: 'https://evil.example' }, OTHER],
  ['a page without an origin', 'GET', { ...OWN, origin: 'null' }, OTHER],
  ['a page of another port', 'GET', { ...OWN, origin: 'http://127.0.0.1:5173' }, OTHER],
  [
    'a script element of another page',
    'GET',
    { ...OWN, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'script' },
    OTHER,
  ],
  [
    'a frame of another page',
    'GET',
    { ...OWN, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' },
    OTHER,
  ],
  [
    'a form of another page',
    'POST',
    { ...OWN, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' },
    OTHER,
  ],
  [
    'a page whose name was made to lead here',
    'GET',
    { host: 'evil.example:8787', 'sec-fetch-site': 'same-origin' },
    name('evil.example:8787'),
  ],
  ['a request without a host', 'GET', {}, name('')],
])('%s', (_, method, headers, refusal) => {
  expect(refusalOfOrigin({ method, headers })).toBe(refusal);
});
