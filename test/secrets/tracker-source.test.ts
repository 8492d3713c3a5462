import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Integration } from '../../shared/domain/sync/integration.ts';
import { createSecretStore } from '../../shared/secrets/secret-store.ts';
import { createTrackerSource } from '../../shared/secrets/tracker-source.ts';
import { parameterStore } from '../support/doubles/parameter-store.ts';
import {
  type DoubleAnswer,
  type RunningServer,
  startServer,
} from '../support/trackers/double-server.ts';

const NOW_MS = 1_000_000;
const now = () => NOW_MS;

const integration: Integration = {
  id: '501',
  organizationId: '1',
  provider: 'gitlab',
  name: 'GitLab',
  baseUrl: '',
  secretRef: 'gitlab',
  config: {},
  allowPrivateAddress: true,
  actor: null,
  dateCreated: '2026-11-22T12:00:00.000Z',
  pausedUntilMs: null,
  refusedAtMs: null,
};

describe('credentials that the tracker refuses', () => {
  const name = '/baton/alice/gitlab';
  const oauth = {
    accessToken: 'first',
    refreshToken: 'refresh-1',
    clientId: 'id',
    clientSecret: 'secret',
    webhookSecrets: ['hook'],
  };
  let answer: DoubleAnswer;
  let trades: number;
  let double: RunningServer;

  beforeEach(async () => {
    trades = 0;
    answer = {
      status: 200,
      body: { access_token: 'second', refresh_token: 'refresh-2', expires_in: 3_600 },
    };
    double = await startServer((_, response) => {
      trades += 1;
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    });
  });
  afterEach(() => double.stop());

  /** Signs in once, so that it is known which writing of the secret was refused. */
  async function source(value: object) {
    const store = parameterStore({ [name]: value });
    const secrets = createSecretStore({ client: store.client, stage: 'alice', now });
    let claimedUntilMs = 0;
    const trackers = createTrackerSource({
      secrets,
      now,
      integrations: {
        async claimRenewal(_, atMs, untilMs) {
          if (claimedUntilMs > atMs) {
            return false;
          }
          claimedUntilMs = untilMs;
          return true;
        },
        async endRenewal() {
          claimedUntilMs = 0;
          return true;
        },
      },
    });
    expect((await trackers.of(integration)).ok).toBe(true);
    const claim = () => {
      claimedUntilMs = NOW_MS + 1_000;
    };
    return { trackers, store, claim };
  }
  const traded = () => source({ ...oauth, tokenUrl: `${double.url}/token` });

  it('are traded once, and what comes back is kept beside the webhook secrets', async () => {
    const { trackers, store } = await traded();
    const renewals = await Promise.all([trackers.renew(integration), trackers.renew(integration)]);
    expect(renewals.sort()).toEqual(['busy', 'renewed']);
    expect(trades).toBe(1);
    expect(store.stored(name)).toMatchObject({
      accessToken: 'second',
      refreshToken: 'refresh-2',
      webhookSecrets: ['hook'],
      clientSecret: 'secret',
    });
  });

  it('are not traded while somebody else is at it', async () => {
    const { trackers, claim } = await traded();
    claim();
    expect(await trackers.renew(integration)).toBe('busy');
    expect(trades).toBe(0);
  });

  it('are given up where the sign-in service refuses them, and asked again where it is down', async () => {
    const { trackers } = await traded();
    answer = { status: 503, body: {} };
    expect(await trackers.renew(integration)).toBe('busy');
    answer = { status: 400, body: { error: 'invalid_grant' } };
    expect(await trackers.renew(integration)).toBe('refused');
  });

  it('are renewed where somebody has put down newer ones, and else there is nothing to do', async () => {
    const { trackers, store } = await source({ token: 'first' });
    expect(await trackers.renew(integration)).toBe('refused');
    store.put(name, { token: 'second' });
    expect(await trackers.renew(integration)).toBe('renewed');
  });

  it('that are not there are unauthorized, and nobody waits for them', async () => {
    const { trackers } = await source({ token: 'first' });
    const reply = await trackers.of({ ...integration, secretRef: 'elsewhere' });
    expect(reply).toMatchObject({ ok: false, failure: { kind: 'unauthorized' } });
    expect(await trackers.renew({ ...integration, id: '502', secretRef: 'elsewhere' })).toBe(
      'refused',
    );
  });
});
