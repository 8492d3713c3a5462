import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiHandler } from '../../shared/http/api.ts';
import { aliceAtAcme, send } from '../http/gateway-event.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { worldOnFreshTable } from '../support/world.ts';

let read: ApiHandler;
let update: ApiHandler;

beforeAll(async () => {
  enterFunctionEnvironment(await worldOnFreshTable());
  read = (await import('../../functions/group-read/handler.ts')).handler;
  update = (await import('../../functions/group-update/handler.ts')).handler;
});

const RESOURCE = '/0/issues/{issue}';
const LIMIT = 'X-Sentry-Rate-Limit-Limit';
const REMAINING = 'X-Sentry-Rate-Limit-Remaining';
const RESET = 'X-Sentry-Rate-Limit-Reset';
type Answer = Awaited<ReturnType<typeof send>>;
const isRefused = ({ statusCode }: Answer) => statusCode === 429;
/** As many bursts as even a slow machine needs for one within a second. */
const ROUNDS = 100;
const headerOf = (answer: { readonly headers?: object | undefined }, name: string) =>
  (answer.headers as Record<string, string>)[name];

/** A user of their own, and so a limit of their own. */
const as = (userId: string) => ({ authorizer: { ...aliceAtAcme, userId } });

describe('a limited route', () => {
  it('says in every answer how many calls there is room for', async () => {
    const get = (issue: string) =>
      send(read, { resource: RESOURCE, path: { issue }, ...as('limited-reader') });
    const answers: Answer[] = [];
    // A limit that cannot be asked in time admits: the cache is being connected to at first.
    for (let round = 0; round < ROUNDS && !answers.some(isRefused); round++) {
      answers.push(...(await Promise.all(['101', '101', '101', '999', '101', '101'].map(get))));
    }
    expect(answers.map((answer) => headerOf(answer, LIMIT))).toEqual(answers.map(() => '5'));
    for (const answer of answers) {
      expect(headerOf(answer, REMAINING)).toMatch(/^[0-5]$/);
      expect(headerOf(answer, RESET)).toMatch(/^\d{10}$/);
      expect(headerOf(answer, 'Retry-After')).toBe(answer.statusCode === 429 ? '1' : undefined);
    }
    const refused = answers.filter(isRefused);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.map((answer) => headerOf(answer, REMAINING))).toEqual(refused.map(() => '0'));
  });

  it('counts a repeat under a key as well, and answers it with the limit as it is now', async () => {
    const put = () =>
      send(update, {
        method: 'PUT',
        resource: RESOURCE,
        path: { issue: '102' },
        headers: { 'Idempotency-Key': 'limited' },
        body: '{"priority":"low"}',
        ...as('limited-writer'),
      });
    const first = await put();
    expect([first.statusCode, headerOf(first, LIMIT)]).toEqual([200, '10']);
    const repeats: Answer[] = [];
    for (let round = 0; round < ROUNDS && !repeats.some(isRefused); round++) {
      repeats.push(...(await Promise.all(Array.from({ length: 11 }, put))));
    }
    expect(repeats.some(isRefused)).toBe(true);
    for (const repeat of repeats.filter(({ statusCode }) => statusCode === 200)) {
      expect(headerOf(repeat, 'Idempotency-Replayed')).toBe('true');
      expect(headerOf(repeat, REMAINING)).toMatch(/^\d$|^10$/);
    }
  });

  it('is no other route', async () => {
    const answer = await send(read, {
      resource: '/0/organizations/{org}/shortids/{shortId}',
      path: { org: 'acme', shortId: 'SHOP-1' },
    });
    expect([answer.statusCode, headerOf(answer, LIMIT)]).toEqual([200, undefined]);
  });
});
