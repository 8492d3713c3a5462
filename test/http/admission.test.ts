import { describe, expect, it } from 'vitest';
import { type Caller, nobody, type Scope } from '../../shared/http/access.ts';
import { admit } from '../../shared/http/admission.ts';
import type { ApiRequest } from '../../shared/http/api.ts';
import { narrowingParameters } from '../../shared/http/routes/route.ts';
import { ROUTES, type Route } from '../../shared/http/routes.ts';

const routes: readonly Route[] = ROUTES;
const behindToken = routes.filter((route) => route.access === 'token');
const writes = behindToken.filter(({ method }) => method !== 'GET');
const lists = routes.filter(({ method, operation }) => method === 'GET' && /^list/.test(operation));

const everything: Caller = {
  tokenId: 't',
  userId: '11',
  organizations: [{ id: '1', slug: 'acme' }],
  scopes: new Set(['event', 'project', 'org', 'team', 'member'].map((noun) => `${noun}:admin`)),
};

function asked(route: Route, query: string, caller = everything, org = 'acme') {
  const hasOrganization = route.path.includes('{org}');
  const request = {
    caller,
    params: hasOrganization ? { org } : {},
    query: new URLSearchParams(query),
  } as unknown as ApiRequest;
  return () => admit(route, request);
}

describe('a dry run', () => {
  it.each(writes)('of $method $path is refused, after what the caller may not', (route) => {
    for (const query of ['dryRun=1', 'dryRun=false', 'dryRun', 'id=1&dryRun=true']) {
      expect(asked(route, query)).toThrow('Unknown parameter: dryRun. Nothing was written');
    }
    const forbidden = 'You do not have permission to perform this action.';
    expect(asked(route, 'dryRun=1', { ...everything, scopes: new Set<Scope>() })).toThrow(
      forbidden,
    );
    if (!route.path.includes('{org}')) {
      return;
    }
    const missing = 'The requested resource does not exist';
    expect(asked(route, 'dryRun=1', everything, 'globex')).toThrow(missing);
    expect(asked(route, 'dryRun=1', nobody)).toThrow(missing);
  });

  it.each(behindToken.filter(({ method }) => method === 'GET'))(
    'of $method $path is nothing that a read knows',
    (route) => {
      expect(asked(route, 'dryRun=1&anything=else')).not.toThrow();
    },
  );
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
