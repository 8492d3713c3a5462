import { beforeAll, describe, expect, it } from 'vitest';
import type { RateState } from '../../shared/cache/rate-limits.ts';
import { type ApiHandler, apiHandler } from '../../shared/http/api.ts';
import type { RequestLimiter } from '../../shared/http/rate-limit.ts';
import { ROUTES, type Route } from '../../shared/http/routes.ts';
import { send } from '../http/gateway-event.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { copiesOf, scanAll, type TestWorld, worldOnFreshTable } from '../support/world.ts';

const limited = (ROUTES as readonly Route[]).filter(({ rateLimit }) => rateLimit !== undefined);
const keys = ({ method }: Route) => (method === 'GET' ? [undefined] : [undefined, 'limited']);
const cases = limited.flatMap((route) =>
  keys(route).map((key) => ({ ...route, key, name: `${route.operation}, key ${key}` })),
);
const bodies: Partial<Record<string, string>> = { PUT: '{"priority":"low"}' };

const admitted: RateState = { isAllowed: true, remaining: 3, resetsAt: 1_795_000_001 };
const refused: RateState = { isAllowed: false, remaining: 0, resetsAt: 1_795_000_001 };

let nextWorld: () => Promise<TestWorld>;

beforeAll(async () => {
  nextWorld = await copiesOf(await worldOnFreshTable());
});

type Endpoints = Record<string, (deps: unknown, request: unknown) => Promise<unknown>>;

/** The function of a route over a table of its own, with `around` around its endpoints. */
async function handlerOf(
  route: Route,
  admit: RequestLimiter['admit'],
  around: (reply: Promise<unknown>) => Promise<unknown> = (reply) => reply,
): Promise<{ readonly handler: ApiHandler; readonly world: TestWorld }> {
  const world = await nextWorld();
  enterFunctionEnvironment(world);
  const { endpoints } = await import(`../../functions/${route.function}/endpoints.ts`);
  const wiring: Record<string, () => object> = await import(
    `../../functions/${route.function}/deps.ts`
  );
  const [wire] = Object.values(wiring);
  const wrapped: Endpoints = Object.fromEntries(
    Object.entries(endpoints as Endpoints).map(([name, endpoint]) => [
      name,
      (deps, request) => around(endpoint(deps, request)),
    ]),
  );
  const handler = apiHandler({
    functionName: route.function as 'group-update',
    deps: { ...(wire?.() as { readonly allowedOrigins: [] }), requestLimiter: { admit } } as never,
    endpoints: wrapped as never,
  });
  return { handler, world };
}

function call(handler: ApiHandler, { method, path, key }: (typeof cases)[number]) {
  return send(handler, {
    method,
    resource: path.replace(/\/$/, ''),
    path: { org: 'acme', issue: '101' },
    headers: key === undefined ? {} : { 'Idempotency-Key': key },
    body: bodies[method] ?? null,
  });
}

describe('the limits of routes', () => {
  it('are on some', () => {
    expect(limited.length).toBeGreaterThan(0);
  });

  it.each(cases)('have $name wait no longer than it reads', async (row) => {
    const limit = Promise.withResolvers<RateState>();
    const { handler, world } = await handlerOf(
      row,
      () => limit.promise,
      async (reply) => {
        const replied = await reply;
        limit.resolve(admitted);
        return replied;
      },
    );
    const before = await scanAll(world);
    const { statusCode, headers } = await call(handler, row);
    expect(statusCode).toBeLessThan(300);
    expect(headers).toMatchObject({ 'X-Sentry-Rate-Limit-Remaining': '3' });
    const after = await scanAll(world);
    if (row.method === 'GET') {
      expect(after).toEqual(before);
    } else {
      expect(after).not.toEqual(before);
    }
  });

  it.each(cases)('have a refused $name write nothing', async (row) => {
    const { handler, world } = await handlerOf(row, async () => refused);
    const before = await scanAll(world);
    const { statusCode } = await call(handler, row);
    expect(statusCode).toBe(429);
    expect(await scanAll(world)).toEqual(before);
  });
});
