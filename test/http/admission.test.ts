import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../infra/openapi.ts';
import { requireAdmissible } from '../../shared/http/admission.ts';
import { receive } from '../../shared/http/body.ts';
import { readRequest } from '../../shared/http/read-request.ts';
import { narrowingParameters } from '../../shared/http/routes/route.ts';
import { ROUTES, type Route } from '../../shared/http/routes.ts';
import { aliceAtAcme, gatewayEvent } from './gateway-event.ts';

const routes: readonly Route[] = ROUTES;
const behindToken = routes.filter((route) => route.access === 'token');
const scoped = behindToken.filter(({ scopes }) => scopes.length > 0);
const writes = behindToken.filter(({ method }) => method !== 'GET');
const lists = routes.filter(({ method, operation }) => method === 'GET' && /^list/.test(operation));

const FORBIDDEN = 'You do not have permission to perform this action.';
const MISSING = 'The requested resource does not exist';

/** Reads and admits a request of a route whose path parameters are all `x`, but for `org`. */
function asked(
  route: Route,
  query: string,
  authorizer: Readonly<Record<string, string>> | null = aliceAtAcme,
  org = 'acme',
) {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const sent = new URLSearchParams(query);
  const event = gatewayEvent({
    method: route.method,
    resource: route.path.slice(0, -1),
    path: Object.fromEntries(names.map((name) => [name, name === 'org' ? org : 'x'])),
    query: Object.fromEntries([...sent.keys()].map((name) => [name, sent.getAll(name)])),
    authorizer,
  });
  receive(event, { text: '', read: () => undefined });
  return () => requireAdmissible(route, readRequest(event, route));
}

describe('every route', () => {
  it('has a scope, or says why it needs none', () => {
    const open = routes.filter((route) => 'whyNoScope' in route);
    expect(open.map(({ operation }) => operation)).toEqual([
      'getIndex',
      'getAuth',
      'listRegions',
      'receiveWebhook',
      'receiveEnvelope',
      'receiveEvent',
    ]);
    expect(scoped.length + open.length).toBe(routes.length);
  });

  it.each(scoped)('$method $path is open to each of its scopes and to no other token', (route) => {
    const also = 'alsoScope' in route ? route.alsoScope : undefined;
    for (const scope of route.scopes) {
      const scopes = also === undefined ? scope : `${scope} ${also}`;
      expect(asked(route, '', { ...aliceAtAcme, scopes })).not.toThrow();
    }
    if (also !== undefined) {
      for (const scopes of [route.scopes.join(' '), also]) {
        expect(asked(route, '', { ...aliceAtAcme, scopes })).toThrow(FORBIDDEN);
      }
    }
    const others = ['event', 'project', 'org', 'team', 'member']
      .filter((noun) => !route.scopes.some((scope) => scope.startsWith(`${noun}:`)))
      .map((noun) => `${noun}:admin`);
    expect(asked(route, '', { ...aliceAtAcme, scopes: others.join(' ') })).toThrow(FORBIDDEN);
  });

  it.each(scoped.filter(({ path }) => path.includes('{org}')))(
    '$method $path tells of a missing organization before a missing scope',
    (route) => {
      expect(asked(route, '', { ...aliceAtAcme, scopes: '' }, 'globex')).toThrow(MISSING);
      expect(asked(route, '', null)).toThrow(MISSING);
    },
  );

  it.each(routes)('$method $path says in the API document what it needs', (route) => {
    const invocations = { uri: (name: string) => name, authorizerUri: 'authorizer' };
    const { paths } = openApiDocument('baton-test', [route], invocations);
    const description = JSON.stringify(paths);
    for (const said of 'whyNoScope' in route ? [route.whyNoScope] : route.scopes) {
      expect(description).toContain(said);
    }
  });
});

describe('a dry run', () => {
  const tried = writes.filter(({ takesDryRun }) => takesDryRun === true);
  const others = writes.filter((route) => !tried.includes(route));

  it('is known to the writes of issues by PUT and DELETE, and to no other', () => {
    const ofIssues = writes.filter(
      ({ method, path }) => method !== 'POST' && /issues\/(\{issue\}\/)?$/.test(path),
    );
    expect(tried).toEqual(ofIssues);
    expect(tried).toHaveLength(8);
  });

  it.each(tried)('of $method $path is asked for by 1, true, 0 and false alone', (route) => {
    for (const query of [
      'dryRun=1',
      'dryRun=true',
      'dryRun=0',
      'dryRun=false',
      'dryRun=1&dryRun=true',
    ]) {
      expect(asked(route, query)).not.toThrow();
    }
    for (const query of [
      'dryRun',
      'dryRun=yes',
      'dryRun=TRUE',
      'dryRun=1&dryRun=0',
      'dryRun=toString',
    ]) {
      expect(asked(route, query)).toThrow('dryRun is one of 1, true, 0 and false.');
    }
  });

  it.each(others)('of $method $path is refused, after what the caller may not', (route) => {
    for (const query of ['dryRun=1', 'dryRun=false', 'dryRun', 'id=1&dryRun=true']) {
      expect(asked(route, query)).toThrow('Unknown parameter: dryRun. Nothing was written');
    }
    expect(asked(route, 'dryRun=1', { ...aliceAtAcme, scopes: '' })).toThrow(FORBIDDEN);
    if (route.path.includes('{org}')) {
      expect(asked(route, 'dryRun=1', aliceAtAcme, 'globex')).toThrow(MISSING);
      expect(asked(route, 'dryRun=1', null)).toThrow(MISSING);
    }
  });

  it.each(writes)('of $method $path is refused in any other spelling', (route) => {
    for (const name of ['dryrun', 'dry_run', 'dry-run', 'DryRun', 'DRYRUN', 'dryRun[]']) {
      expect(asked(route, `${name}=1`)).toThrow(`Unknown parameter: ${name}. Did you mean dryRun?`);
    }
    expect(asked(route, 'dryer=1&run=1')).not.toThrow();
  });

  it.each(behindToken.filter(({ method }) => method === 'GET'))(
    'of $method $path is nothing that a read knows',
    (route) => {
      expect(asked(route, 'dryRun=1&anything=else')).not.toThrow();
    },
  );
});

describe('every write that has a worker go over many issues', () => {
  const overMany = writes.filter(
    (route) => route.function === 'operations' && route.operation !== 'cancelOperation',
  );

  it('is among these', () => {
    expect(overMany.map(({ operation }) => operation)).toEqual([
      ...['reconcileOwnership', 'sweepOrphans', 'revertOperation', 'createPlan', 'applyPlan'],
    ]);
  });

  it.each(overMany)('$path is not narrowed by its address', (route) => {
    for (const name of narrowingParameters) {
      expect(asked(route, `${name}=x`)).toThrow(`What this does cannot be narrowed by ${name}`);
      expect(asked(route, `${name}=`)).not.toThrow();
    }
  });
});

describe('every list', () => {
  it.each(lists)('$path says by what it is narrowed', ({ narrowedBy }) => {
    expect(narrowedBy).toBeDefined();
  });

  it.each(lists.filter(({ access }) => access === 'token'))(
    '$path refuses to be narrowed by what it does not know',
    (route) => {
      for (const name of narrowingParameters) {
        const isKnown = route.narrowedBy?.includes(name) === true;
        if (isKnown) {
          expect(asked(route, `${name}=x`)).not.toThrow();
        } else {
          expect(asked(route, `${name}=x`)).toThrow(`This list cannot be narrowed by ${name}`);
        }
        expect(asked(route, `${name}=`)).not.toThrow();
      }
      expect(asked(route, 'project=-1&per_page=3&cursor=&utc=true')).not.toThrow();
    },
  );
});
