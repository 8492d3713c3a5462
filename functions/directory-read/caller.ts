import { forbidden } from '../../shared/domain/errors.ts';
import type { Caller } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import { serializeUser } from '../../shared/http/serializers/user.ts';
import type { DirectoryReadDeps } from './deps.ts';

/** The version of the API, and the token's user and scopes. */
export const getIndex: Endpoint<'getIndex', DirectoryReadDeps> = async (deps, { caller }) => {
  const user = await userOf(deps, caller);
  return {
    status: 200,
    body: {
      version: '0',
      auth: { scopes: caller.scopes },
      user: user === undefined ? null : serializeUser(user),
    },
  };
};

/** The user that the token belongs to. Throws 403 for the token of an organization. */
export const getAuth: Endpoint<'getAuth', DirectoryReadDeps> = async (deps, { caller }) => {
  const user = await userOf(deps, caller);
  if (user === undefined) {
    throw forbidden();
  }
  return { status: 200, body: serializeUser(user) };
};

/** The one region that holds all organizations: this deployment. */
export const listRegions: Endpoint<'listRegions', DirectoryReadDeps> = async (_, { baseUrl }) => ({
  status: 200,
  body: { regions: [{ name: 'baton', url: baseUrl }] },
});

async function userOf({ users }: DirectoryReadDeps, { userId }: Caller) {
  return userId === null ? undefined : (await users.byIds([userId])).get(userId);
}
