import { afterEach, describe, expect, it } from 'vitest';
import { providerOf } from '../../shared/trackers/create-tracker.ts';
import { type OAuthCredentials, parseSecret } from '../../shared/trackers/credentials.ts';
import { createGuardedFetch } from '../../shared/trackers/guarded-fetch.ts';
import { refreshOAuth } from '../../shared/trackers/oauth.ts';
import { type RunningServer, readText, startServer } from '../support/trackers/double-server.ts';

describe('a secret', () => {
  it.each([
    ['a token', { token: 't' }, { kind: 'token', token: 't', email: null }],
    [
      'a token with an address',
      { token: 't', email: 'a@acme.io' },
      { kind: 'token', token: 't', email: 'a@acme.io' },
    ],
    [
      'a GitHub App, its ids as numbers',
      { appId: 1, installationId: 2, privateKey: 'pem' },
      { kind: 'app', appId: '1', installationId: '2', privateKey: 'pem' },
    ],
    [
      'OAuth',
      {
        accessToken: 'a',
        refreshToken: 'r',
        clientId: 'c',
        clientSecret: 's',
        tokenUrl: 'https://auth.acme.io/token',
        expiresAt: '2026-11-22T12:00:00Z',
      },
      {
        kind: 'oauth',
        accessToken: 'a',
        refreshToken: 'r',
        clientId: 'c',
        clientSecret: 's',
        tokenUrl: 'https://auth.acme.io/token',
        expiresAtMs: Date.parse('2026-11-22T12:00:00Z'),
      },
    ],
  ])('holds %s', (_, secret, credentials) => {
    expect(parseSecret({ ...secret, webhookSecrets: ['current', '', 7, 'previous'] })).toEqual({
      credentials,
      webhookSecrets: ['current', 'previous'],
    });
  });

  it.each([[null], ['text'], [{}], [{ token: '' }], [{ appId: 1, privateKey: 'top-secret' }]])(
    'that holds nothing is refused without being repeated: %j',
    (secret) => {
      expect(() => parseSecret(secret)).toThrow(
        /^The secret of this integration holds no credentials\.$/,
      );
    },
  );
});

describe('a provider', () => {
  it.each([
    ['github', 'github'],
    ['azure_devops', 'azure'],
    ['azure-devops', 'azure'],
    ['vsts', 'azure'],
    ['Redmine', 'redmine'],
    ['linear', null],
    ['constructor', null],
  ])('%s is %s', (name, provider) => {
    expect(providerOf(name)).toBe(provider);
  });
});

describe('a refresh', () => {
  let server: RunningServer | undefined;
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });
  const nowMs = Date.parse('2026-11-22T12:00:00Z');
  const fetch = createGuardedFetch({ allowPrivateAddress: true });

  async function refresh(status: number, answer: string) {
    const asked: string[] = [];
    server = await startServer(async (message, response) => {
      asked.push(await readText(message));
      response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
    });
    const credentials: OAuthCredentials = {
      kind: 'oauth',
      accessToken: 'old',
      refreshToken: 'spent soon',
      clientId: 'c',
      clientSecret: 's',
      tokenUrl: server.url,
      expiresAtMs: null,
    };
    return { asked, reply: await refreshOAuth(credentials, { fetch, now: () => nowMs }) };
  }

  it('brings a new pair, and when it ends', async () => {
    const body = { access_token: 'new', refresh_token: 'next', expires_in: 3600 };
    const { asked, reply } = await refresh(200, JSON.stringify(body));
    expect(new URLSearchParams(asked[0]).get('refresh_token')).toBe('spent soon');
    expect(reply).toMatchObject({
      ok: true,
      value: { accessToken: 'new', refreshToken: 'next', expiresAtMs: nowMs + 3_600_000 },
    });
  });

  it('keeps the refresh token of a service that does not rotate it', async () => {
    const { reply } = await refresh(200, '{"access_token":"new"}');
    expect(reply).toMatchObject({ ok: true, value: { refreshToken: 'spent soon' } });
  });

  it.each([
    ['a spent token needs its owner', 400, '{"error":"invalid_grant"}', 'unauthorized'],
    ['a service that is down is tried again', 503, '', 'transient'],
    ['an answer without a token is tried again', 200, '{}', 'transient'],
    ['an answer that is no JSON is tried again', 200, '<html>', 'transient'],
  ])('%s', async (_, status, answer, kind) => {
    const { reply } = await refresh(status, answer);
    expect(reply).toMatchObject({ ok: false, failure: { kind } });
  });
});
