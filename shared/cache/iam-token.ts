import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

/** How long a token opens connections. A connection that it opened outlives it. */
const LIFE_SECONDS = 15 * 60;

/**
 * Credentials as the AWS SDK hands them out: a value, or a function that fetches one that is still
 * good.
 */
type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];

/**
 * Makes the maker of passwords for ElastiCache Serverless. Such a password is a request to connect,
 * signed like any call to AWS and written as a URL without its scheme; it holds for 15 minutes, so
 * every new connection asks for its own.
 *
 * @param options.cacheName the cache's name. ElastiCache keeps names in lower case and signs them
 * so.
 * @param options.user the cache's user, whose id and name are the same
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
