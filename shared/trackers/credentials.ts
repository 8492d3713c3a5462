import { at, idAt, integerAt, listAt, textAt } from './json.ts';
import { parseProviderTime } from './provider-time.ts';

/** How an integration signs in. */
export type Credentials =
  /** A personal or service account's token; with an e-mail address (Jira Cloud) as Basic. */
  | { readonly kind: 'token'; readonly token: string; readonly email: string | null }
  | {
      readonly kind: 'app';
      readonly appId: string;
      readonly installationId: string;
      readonly privateKey: string;
    }
  | OAuthCredentials;

/** The refresh token rotates: the result of a refresh must be stored before it is used. */
export type OAuthCredentials = {
  readonly kind: 'oauth';
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenUrl: string;
  readonly expiresAtMs: number | null;
};

/** What an integration's secret holds. */
export type IntegrationSecret = {
  readonly credentials: Credentials;
  /** Current first; a second one while the secret is being rotated. */
  readonly webhookSecrets: readonly string[];
};

/**
 * Reads a secret as it is stored: `{token, email?, webhookSecrets}`, a GitHub App
 * `{appId, installationId, privateKey, webhookSecrets}`, or OAuth `{accessToken, refreshToken,
 * clientId, clientSecret, tokenUrl, expiresAt?, webhookSecrets}`.
 * @throws Error when it is none of them; the message holds nothing of the secret.
 */
export function parseSecret(secret: unknown): IntegrationSecret {
  const credentials = readApp(secret) ?? readOAuth(secret) ?? readToken(secret);
  if (credentials === null) {
    throw new Error('The secret of this integration holds no credentials.');
  }
  const webhookSecrets = listAt(secret, 'webhookSecrets').filter(
    (one): one is string => typeof one === 'string' && one !== '',
  );
  return { credentials, webhookSecrets };
}

function readToken(secret: unknown): Credentials | null {
  const token = textAt(secret, 'token');
  return token === null ? null : { kind: 'token', token, email: textAt(secret, 'email') };
}

function readApp(secret: unknown): Credentials | null {
  const appId = idAt(secret, 'appId');
  const installationId = idAt(secret, 'installationId');
  const privateKey = textAt(secret, 'privateKey');
  return appId === null || installationId === null || privateKey === null
    ? null
    : { kind: 'app', appId, installationId, privateKey };
}

function readOAuth(secret: unknown): OAuthCredentials | null {
  const accessToken = textAt(secret, 'accessToken');
  const refreshToken = textAt(secret, 'refreshToken');
  const clientId = textAt(secret, 'clientId');
  const clientSecret = textAt(secret, 'clientSecret');
  const tokenUrl = textAt(secret, 'tokenUrl');
  if (!(accessToken && refreshToken && clientId && clientSecret && tokenUrl)) {
    return null;
  }
  const expiresAt = at(secret, 'expiresAt');
  return {
    kind: 'oauth',
    accessToken,
    refreshToken,
    clientId,
    clientSecret,
    tokenUrl,
    expiresAtMs: integerAt(secret, 'expiresAt') ?? parseProviderTime(expiresAt),
  };
}

/** The `Authorization` header for a token; Apps sign their own tokens. */
export function bearerOf(credentials: Exclude<Credentials, { kind: 'app' }>): string {
  return `Bearer ${credentials.kind === 'oauth' ? credentials.accessToken : credentials.token}`;
}

/** The value of an `Authorization: Basic` header. */
export function basicOf(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
