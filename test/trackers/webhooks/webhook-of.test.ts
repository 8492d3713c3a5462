import { sign } from '@octokit/webhooks-methods';
import fc from 'fast-check';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { type Provider, providers } from '../../../shared/domain/sync/external-issue.ts';
import { readExternalKey } from '../../../shared/domain/sync/external-key-url.ts';
import { gsi3 } from '../../../shared/stores/keys/index-keys.ts';
import { headerOf } from '../../../shared/trackers/webhooks/webhook.ts';
import { webhookOf } from '../../../shared/trackers/webhooks/webhook-of.ts';
import { payloads } from '../../support/trackers/webhook-payloads.ts';

const nowMs = Date.parse('2026-11-22T12:00:00Z');
const RAW_BODY = '{"name":"Zoë"}';
const secrets = ['current', 'previous'];

describe('a signature over the body', () => {
  const signed = [
    ['github', 'X-Hub-Signature-256'],
    ['jira', 'X-Hub-Signature'],
    ['redmine', 'X-Redmine-Signature-256'],
  ] as const;

  it.each(signed)('of %s is believed under either secret, in %s', async (provider, header) => {
    for (const secret of secrets) {
      const delivery = { headers: { [header]: await sign(secret, RAW_BODY) }, rawBody: RAW_BODY };
      expect(await webhookOf(provider).verify(delivery, secrets, nowMs)).toBe(true);
    }
  });

  it.each(signed)('of %s is refused when anything is amiss', async (provider, header) => {
    const good = await sign('current', RAW_BODY);
    const { verify } = webhookOf(provider);
    const verdicts = await Promise.all([
      verify({ headers: { [header]: good }, rawBody: `${RAW_BODY} ` }, secrets, nowMs),
      verify(
        { headers: { [header]: await sign('stale', RAW_BODY) }, rawBody: RAW_BODY },
        secrets,
        nowMs,
      ),
      verify({ headers: { [header]: good.toUpperCase() }, rawBody: RAW_BODY }, secrets, nowMs),
      verify({ headers: { [header]: good.slice(7) }, rawBody: RAW_BODY }, secrets, nowMs),
      verify({ headers: { [header]: '' }, rawBody: RAW_BODY }, secrets, nowMs),
      verify({ headers: {}, rawBody: RAW_BODY }, secrets, nowMs),
      verify({ headers: { [header]: good }, rawBody: '' }, secrets, nowMs),
      verify({ headers: { [header]: good }, rawBody: RAW_BODY }, [], nowMs),
      verify({ headers: { [header]: good }, rawBody: RAW_BODY }, [''], nowMs),
    ]);
    expect(verdicts).toEqual(verdicts.map(() => false));
  });
});

describe('a webhook of GitLab', () => {
  const { verify } = webhookOf('gitlab');
  const keys = ['a', 'b', 'c'].map((c) => `whsec_${Buffer.from(c.repeat(32)).toString('base64')}`);
  const [current = '', previous = '', stale = ''] = keys;

  function signedAt(secret: string, offsetSeconds: number, id = 'msg_1') {
    const at = new Date(nowMs + offsetSeconds * 1_000);
    return {
      rawBody: RAW_BODY,
      headers: {
        'Webhook-Id': id,
        'Webhook-Timestamp': String(at.getTime() / 1_000),
        'Webhook-Signature': `v1,AAAA ${new StandardWebhook(secret).sign(id, at, RAW_BODY)}`,
      },
    };
  }

  it.each([
    ['now', current, 0, true],
    ['with the previous secret', previous, 0, true],
    ['five minutes ago', current, -300, true],
    ['five minutes ahead', current, 300, true],
    ['longer ago', current, -301, false],
    ['further ahead', current, 301, false],
    ['with another secret', stale, 0, false],
  ])('signed %s', async (_, secret, offsetSeconds, believed) => {
    const delivery = signedAt(secret, offsetSeconds);
    expect(await verify(delivery, [current, previous], nowMs)).toBe(believed);
  });

  it('binds the id, the time and the body to the signature', async () => {
    const { headers } = signedAt(current, 0);
    for (const delivery of [
      { rawBody: `${RAW_BODY} `, headers },
      { rawBody: RAW_BODY, headers: { ...headers, 'Webhook-Id': 'msg_2' } },
      {
        rawBody: RAW_BODY,
        headers: { ...headers, 'Webhook-Timestamp': String(nowMs / 1_000 - 1) },
      },
      { rawBody: RAW_BODY, headers: { ...headers, 'Webhook-Timestamp': 'now' } },
      { rawBody: RAW_BODY, headers: { ...headers, 'Webhook-Signature': 'v2,AAAA' } },
    ]) {
      expect(await verify(delivery, [current], nowMs)).toBe(false);
    }
  });

  it.each([
    ['the current token', 'current', true],
    ['the previous token', 'previous', true],
    ['the beginning of the token', 'curren', false],
    ['more than the token', 'current ', false],
    ['nothing', '', false],
  ])('is believed by its plain token: %s', async (_, token, believed) => {
    const delivery = { rawBody: RAW_BODY, headers: { 'X-Gitlab-Token': token } };
    expect(await verify(delivery, secrets, nowMs)).toBe(believed);
  });

  it('does not take a signing key for a plain token', async () => {
    const delivery = { rawBody: RAW_BODY, headers: { 'X-Gitlab-Token': current } };
    expect(await verify(delivery, [current], nowMs)).toBe(false);
  });

  it('is refused under a signing key that is none, and under no secret', async () => {
    expect(await verify(signedAt(current, 0), ['whsec_%%%'], nowMs)).toBe(false);
    expect(await verify(signedAt(current, 0), [], nowMs)).toBe(false);
  });
});

describe('a service hook of Azure DevOps', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  it.each([
    ['the password of Basic', { Authorization: basic('baton:current') }, true],
    ['the previous one', { authorization: basic(':previous') }, true],
    ['a password with a colon', { authorization: basic('baton:with:colon') }, true],
    ['the header', { 'X-Baton-Secret': 'current' }, true],
    ['another password', { authorization: basic('baton:wrong') }, false],
    ['the secret as the name', { authorization: basic('current:') }, false],
    ['a bearer', { authorization: 'Bearer current' }, false],
    ['no base64', { authorization: 'Basic %%%' }, false],
    ['nothing', {}, false],
  ])('is believed by the secret that travels with it: %s', async (_, headers, believed) => {
    const delivery = { headers, rawBody: RAW_BODY };
    expect(await webhookOf('azure').verify(delivery, [...secrets, 'with:colon'], nowMs)).toBe(
      believed,
    );
  });
});

describe('whatever arrives', () => {
  it.each(providers)('from %s is read without throwing', (provider) => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (text, header) => {
        const headers = { 'x-github-event': 'issues', 'webhook-id': header };
        webhookOf(provider).normalize({ headers, rawBody: text }, JSON.parse(text));
      }),
    );
  });

  it.each(payloads)('with a part of it spoiled is read without throwing: $name', (payload) => {
    const { normalize } = webhookOf(payload.provider);
    const paths = pathsOf(payload.body);
    const spoils = [null, 0, '', 'text', [], {}, [null], true];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.constantFrom(...spoils), (path, spoil) => {
        const body = replaceAt(payload.body, path, spoil);
        const snapshot = normalize({ headers: payload.headers, rawBody: '' }, body);
        // A snapshot that says nothing must at least ask for a read.
        if (snapshot !== null && snapshot.assignees === null && snapshot.status === null) {
          expect(snapshot.incomplete).toBe(true);
        }
      }),
    );
  });

  it.each(providers)(
    'from %s is refused without throwing, whatever the headers',
    async (provider) => {
      const names = ['x-hub-signature-256', 'x-hub-signature', 'x-redmine-signature-256'];
      const others = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'authorization'];
      await fc.assert(
        fc.asyncProperty(
          fc.dictionary(fc.constantFrom(...names, ...others), fc.string()),
          fc.string(),
          async (headers, body) => {
            const delivery = { headers, rawBody: body };
            expect(await webhookOf(provider).verify(delivery, ['s3cret'], nowMs)).toBe(false);
          },
        ),
      );
    },
  );
});

describe('the key that a webhook names its issue by', () => {
  const addresses: Readonly<Record<Provider, readonly [baseUrl: string, page: string]>> = {
    github: ['https://api.github.com', 'https://github.com/OctoCat/Hello/issues/1#issuecomment-9'],
    gitlab: ['https://gitlab.com', 'https://gitlab.com/gitlab-org/GitLab-Test/-/issues/23'],
    jira: ['https://acme.atlassian.net', 'https://acme.atlassian.net/browse/jra-20002'],
    azure: ['https://dev.azure.com/acme', 'https://dev.azure.com/acme/Shop/_workitems/edit/5'],
    redmine: ['https://redmine.acme.io', 'https://redmine.acme.io/issues/1?tab=history'],
  };

  it.each(payloads)('is the one that its pasted address was read as: $name', (payload) => {
    const { provider, headers, body } = payload;
    const snapshot = webhookOf(provider).normalize({ headers, rawBody: '' }, body);
    const [baseUrl, page] = addresses[provider];
    const reading = readExternalKey({ provider, baseUrl }, page);
    const linked = reading.ok ? gsi3.linkedTo('501', reading.key) : reading.problem;
    expect(gsi3.linkedTo('501', snapshot?.externalKey ?? '')).toBe(linked);
  });

  it('is covered for every provider', () => {
    expect(new Set(payloads.map(({ provider }) => provider))).toEqual(new Set(providers));
  });
});

describe('a header', () => {
  it('is found in whatever case its sender wrote it', () => {
    expect(headerOf({ 'X-GitHub-Event': 'issues' }, 'x-github-event')).toBe('issues');
    expect(headerOf({ 'x-github-event': undefined }, 'x-github-event')).toBeNull();
  });
});

type Path = readonly string[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  const children = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, ...children.flatMap(([name, child]) => pathsOf(child, [...path, name]))];
}

function replaceAt(value: unknown, [name, ...rest]: Path, replacement: unknown): unknown {
  if (name === undefined) {
    return replacement;
  }
  const copy: unknown = structuredClone(value);
  const owner = copy as Record<string, unknown>;
  owner[name] = replaceAt(owner[name], rest, replacement);
  return copy;
}
