import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

/** How long a token can open connections. A connection outlives its token. */
const LIFE_SECONDS = 15 * 60;

/** Credentials of the AWS SDK: a value, or a function that returns valid ones. */
type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];

/**
 * Returns a function that makes passwords for ElastiCache Serverless. A password is a presigned
 * request to connect, written as a URL without its scheme. It is valid for 15 minutes, so every new
 * connection needs a new one.
 */
export function createIamToken(options: {
  cacheName: string;
  user: string;
  region: string;
  credentials: Credentials;
  now?: () => Date;
}): () => Promise<string> {
  const { user, region, credentials, now = () => new Date() } = options;
  const hostname = options.cacheName.toLowerCase();
  const signer = new SignatureV4({ service: 'elasticache', region, credentials, sha256: Sha256 });
  return async () => {
    const signed = await signer.presign(
      {
        method: 'GET',
        protocol: 'http:',
        hostname,
        path: '/',
        query: { Action: 'connect', User: user, ResourceType: 'ServerlessCache' },
        headers: { host: hostname },
      },
      { expiresIn: LIFE_SECONDS, signingDate: now() },
    );
    const query = Object.entries(signed.query ?? {})
      .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
      .join('&');
    return `${hostname}/?${query}`;
  };
}
