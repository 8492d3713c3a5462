import { Sha256 } from '@aws-crypto/sha256-js';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { SignatureV4 } from '@smithy/signature-v4';

/** Calls an operation of an AWS service with a JSON protocol, for which no client is installed. */
export type CallAws = <Answer>(operation: string, input: object) => Promise<Answer>;

/**
 * Returns a function that calls CloudWatch Logs with the region and the credentials of an existing
 * client. The variables of the AWS SDKs can set another endpoint.
 */
export function createLogsCall({ config }: SSMClient): CallAws {
  return async <Answer>(operation: string, input: object): Promise<Answer> => {
    const region = await config.region();
    const endpoint =
      process.env.AWS_ENDPOINT_URL_CLOUDWATCH_LOGS ??
      process.env.AWS_ENDPOINT_URL ??
      `https://logs.${region}.amazonaws.com`;
    const { protocol, hostname, port, host, pathname } = new URL(endpoint);
    const body = JSON.stringify(input);
    const signer = new SignatureV4({
      service: 'logs',
      region,
      credentials: config.credentials,
      sha256: Sha256,
    });
    const { headers } = await signer.sign({
      method: 'POST',
      protocol,
      hostname,
      ...(port !== '' && { port: Number(port) }),
      path: pathname,
      query: {},
      headers: {
        host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `Logs_20140328.${operation}`,
      },
      body,
    });
    const response = await fetch(endpoint, { method: 'POST', headers, body });
    const answer = (await response.json().catch(() => ({}))) as Answer & { message?: string };
    if (!response.ok) {
      throw new Error(`CloudWatch Logs refused ${operation}: ${answer.message ?? response.status}`);
    }
    return answer;
  };
}
