import { describe, expect, it } from 'vitest';
import { createWebhookSecrets } from '../../shared/secrets/integration-secret.ts';
import { createSecretStore } from '../../shared/secrets/secret-store.ts';
import { parameterStore } from '../support/doubles/parameter-store.ts';

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
