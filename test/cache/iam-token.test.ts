import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createIamToken } from '../../shared/cache/iam-token.ts';

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secret',
  sessionToken: 'a+b/c',
};

const hmac = (key: string | Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest();

/** Signature Version 4 of the query, worked out by hand. */
function signatureOf(host: string, query: URLSearchParams): string {
  const [, day = '', region = '', service = '', terminal = ''] =
    query.get('X-Amz-Credential')?.split('/') ?? [];
  const canonicalQuery = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map((pair) => pair.map(encodeURIComponent).join('='))
    .sort()
    .join('&');
  const emptyBody = createHash('sha256').update('').digest('hex');
  const canonical = ['GET', '/', canonicalQuery, `host:${host}\n`, 'host', emptyBody].join('\n');
  const digest = createHash('sha256').update(canonical).digest('hex');
  const scope = [day, region, service, terminal].join('/');
  const toSign = ['AWS4-HMAC-SHA256', query.get('X-Amz-Date'), scope, digest].join('\n');
  const key = [day, region, service, terminal].reduce<string | Buffer>(
    (above, part) => hmac(above, part),
    `AWS4${credentials.secretAccessKey}`,
  );
  return hmac(key, toSign).toString('hex');
}

describe('a token for the cache', () => {
  const token = createIamToken({
    cacheName: 'Baton-Alice',
    user: 'baton-alice',
    region: 'eu-central-1',
    credentials,
    now: () => new Date('2026-10-01T12:34:56Z'),
  });

  it('is a request to connect, for 15 minutes, without a scheme', async () => {
    const [host, query = ''] = (await token()).split('/?');
    expect(host).toBe('baton-alice');
    expect(Object.fromEntries(new URLSearchParams(query))).toMatchObject({
      Action: 'connect',
      User: 'baton-alice',
      ResourceType: 'ServerlessCache',
      'X-Amz-Expires': '900',
      'X-Amz-Date': '20261001T123456Z',
      'X-Amz-Credential': 'AKIDEXAMPLE/20261001/eu-central-1/elasticache/aws4_request',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Security-Token': 'a+b/c',
    });
  });

  it('carries the signature that AWS works out for it', async () => {
    const [host = '', query = ''] = (await token()).split('/?');
    const parameters = new URLSearchParams(query);
    expect(parameters.get('X-Amz-Signature')).toBe(signatureOf(host, parameters));
  });

  it('is made with the credentials of the moment', async () => {
    let turn = 0;
    const rotating = createIamToken({
      cacheName: 'baton',
      user: 'baton',
      region: 'eu-central-1',
      credentials: async () => ({ ...credentials, accessKeyId: `AKID${++turn}` }),
    });
    expect(await rotating()).toContain('AKID1');
    expect(await rotating()).toContain('AKID2');
  });
});
