import type { TrackerReply } from '../domain/sync/failure.ts';
import type { OAuthCredentials } from './credentials.ts';
import { failureOf, failureOfError } from './failures.ts';
import type { Fetch } from './guarded-fetch.ts';
import { integerAt, textAt } from './json.ts';

/**
 * Exchanges a refresh token for a new pair. The old refresh token becomes invalid with success:
 * only one worker may call this, and must store the result before using it.
 */
export async function refreshOAuth(
  credentials: OAuthCredentials,
  { fetch, now }: { readonly fetch: Fetch; readonly now: () => number },
): Promise<TrackerReply<OAuthCredentials>> {
  const label = 'The sign-in service';
  try {
    const response = await fetch(credentials.tokenUrl, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        refresh_token: credentials.refreshToken,
      }).toString(),
    });
    const { status, headers } = response;
    const body: unknown = await response.json().catch(() => null);
    const accessToken = textAt(body, 'access_token');
    if (response.ok && accessToken !== null) {
      const expiresInSeconds = integerAt(body, 'expires_in');
      return {
        ok: true,
        value: {
          ...credentials,
          accessToken,
          // A service that does not rotate refresh tokens sends none: the old one stays valid.
          refreshToken: textAt(body, 'refresh_token') ?? credentials.refreshToken,
          expiresAtMs: expiresInSeconds === null ? null : now() + expiresInSeconds * 1_000,
        },
      };
    }
    // 400 invalid_grant: the refresh token was used or revoked; only the owner can sign in again.
    const failure = failureOf(label, { status: response.ok ? 502 : status, headers, body }, now());
    return failure.kind === 'rejected'
      ? { ok: false, failure: { kind: 'unauthorized', reason: failure.reason } }
      : { ok: false, failure };
  } catch (error) {
    return { ok: false, failure: failureOfError(label, error) };
  }
}
