import {
  type GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Integration } from '../../shared/domain/sync/integration.ts';
import { createWebhookSecrets } from '../../shared/secrets/integration-secret.ts';
import { createSecretStore } from '../../shared/secrets/secret-store.ts';
import { createTrackerSource } from '../../shared/secrets/tracker-source.ts';
import {
  type DoubleAnswer,
  type RunningServer,
  startServer,
} from '../support/trackers/double-server.ts';

/** The parameter store in memory: the outside of what is tested. */
function parameterStore(values: Record<string, unknown>) {
  const parameters = new Map(
    Object.entries(values).map(([name, value]) => [
      name,
      { Value: typeof value === 'string' ? value : JSON.stringify(value), Version: 1 },
    ]),
  );
  const reads: string[] = [];
  const client = {
    async send(command: GetParameterCommand | PutParameterCommand) {
      const name = command.input.Name ?? '';
      const found = parameters.get(name);
      if (command instanceof PutParameterCommand) {
        const Version = (found?.Version ?? 0) + 1;
        parameters.set(name, { Value: command.input.Value ?? '', Version });
        return {};
      }
      reads.push(name);
      if (found === undefined) {
        throw new ParameterNotFound({ message: 'none', $metadata: {} });
      }
      return { Parameter: found };
    },
  };
  const stored = (name: string) => JSON.parse(parameters.get(name)?.Value ?? 'null');
  const put = (name: string, value: unknown) =>
    parameters.set(name, {
      Value: JSON.stringify(value),
      Version: (parameters.get(name)?.Version ?? 0) + 1,
    });
  return { client: client as unknown as SSMClient, reads, stored, put };
}

let nowMs = 1_000_000;
const now = () => nowMs;

describe('a secret', () => {
  it('is read by its reference within its stage, and kept for five minutes', async () => {
    const { client, reads } = parameterStore({ '/baton/alice/a/b': { token: 't' } });
    const secrets = createSecretStore({ client, stage: 'alice', now });
    expect(await secrets.read('a/b')).toEqual({ value: { token: 't' }, version: 1 });
    nowMs += 299_000;
    await Promise.all([secrets.read('a/b'), secrets.read('a/b')]);
    expect(reads).toEqual(['/baton/alice/a/b']);
    nowMs += 2_000;
    await secrets.read('a/b');
    expect(reads).toHaveLength(2);
  });

  it('is read again at once by whoever asks for it fresh, and after it was written', async () => {
    const store = parameterStore({ '/baton/alice/a': { token: 'old' } });
    const secrets = createSecretStore({ client: store.client, stage: 'alice', now });
    await secrets.read('a');
    store.put('/baton/alice/a', { token: 'new' });
    expect((await secrets.read('a'))?.value).toEqual({ token: 'old' });
    expect((await secrets.read('a', { fresh: true }))?.value).toEqual({ token: 'new' });
    await secrets.write('a', { token: 'newest' });
    expect((await secrets.read('a'))?.value).toEqual({ token: 'newest' });
  });

  it('that is not there is null for a minute, and asked for again after it', async () => {
    const store = parameterStore({});
    const secrets = createSecretStore({ client: store.client, stage: 'alice', now });
    expect(await secrets.read('a')).toBe(null);
    store.put('/baton/alice/a', { token: 't' });
    nowMs += 59_000;
    expect(await secrets.read('a')).toBe(null);
    expect(store.reads).toHaveLength(1);
    nowMs += 1_000;
    expect(await secrets.read('a')).not.toBe(null);
  });

  it('that was not there is found by whoever asks for it fresh', async () => {
    const store = parameterStore({});
    const secrets = createSecretStore({ client: store.client, stage: 'alice', now });
    await secrets.read('a');
    store.put('/baton/alice/a', { token: 't' });
    expect((await secrets.read('a', { fresh: true }))?.value).toEqual({ token: 't' });
    expect((await secrets.read('a'))?.value).toEqual({ token: 't' });
  });

  it('is one of a thousand that are kept, and the oldest makes room', async () => {
    const store = parameterStore({});
    const secrets = createSecretStore({ client: store.client, stage: 'alice', now });
    for (let number = 0; number <= 1_000; number++) {
      await secrets.read(`${number}`);
    }
    await secrets.read('1');
    expect(store.reads).toHaveLength(1_001);
    await secrets.read('0');
    expect(store.reads).toHaveLength(1_002);
  });

  it('that is no JSON holds nothing, and its text is in no error', async () => {
    const { client } = parameterStore({ '/baton/alice/a': 'very secret' });
    const secrets = createSecretStore({ client, stage: 'alice', now });
    expect(await secrets.read('a')).toEqual({ value: null, version: 1 });
    expect(await createWebhookSecrets(secrets)({ secretRef: 'a' })).toEqual([]);
  });
});

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
      claimedUntilMs = nowMs + 1_000;
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
