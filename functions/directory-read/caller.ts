import { forbidden } from '../../shared/domain/errors.ts';
import type { Caller } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { serializeUser } from '../../shared/http/serializers/user.ts';
import type { DirectoryReadDeps } from './deps.ts';

/** The version of the API, and who asks with which scopes. */
export function getIndex(deps: DirectoryReadDeps): Endpoint {
  return async ({ caller }) => {
    const user = await userOf(deps, caller);
    return {
      status: 200,
      body: {
        version: '0',
        auth: { scopes: [...caller.scopes] },
        user: user === undefined ? null : serializeUser(user),
      },
    };
  };
}

/** The user that the token belongs to; an organization's token has none. */
export function getAuth(deps: DirectoryReadDeps): Endpoint {
  return async ({ caller }) => {
    const user = await userOf(deps, caller);
    if (user === undefined) {
      throw forbidden();
    }
    return { status: 200, body: serializeUser(user) };
  };
}

/** All organizations live in one region: here. */
export function listRegions(): Endpoint {
  return async ({ baseUrl }) => ({
    status: 200,
    body: { regions: [{ name: 'baton', url: baseUrl }] },
  });
}

async function userOf({ users }: DirectoryReadDeps, { userId }: Caller) {
  return userId === null ? undefined : (await users.byIds([userId])).get(userId);
}
