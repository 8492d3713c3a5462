import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** An error of an AWS service. */
export type AwsError = Error & { readonly code: string; readonly status: number };

/** Creates the error of an AWS service. */
export function awsError(code: string, message: string, status = 400): AwsError {
  return Object.assign(new Error(message), { code, status });
}

/**
 * The credentials and region of all local clients: DynamoDB Local keeps separate tables for each
 * access key and region.
 */
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;
export const LOCAL_REGION = 'local';

const SIGNING_SCOPE = `20250101/${LOCAL_REGION}/dynamodb/aws4_request`;
const LOCAL_CREDENTIAL = `Credential=${LOCAL_CREDENTIALS.accessKeyId}/${SIGNING_SCOPE}`;

/** The access key that signed a request; undefined if it is not signed. */
export function keyIdOf({ authorization = '' }: IncomingHttpHeaders): string | undefined {
  return /Credential=([^/]+)\//.exec(authorization)?.[1];
}

/** Calls an AWS JSON service (the engine of the table) without marshalling the attributes. */
export async function callAws<T>(
  endpoint: string,
  target: string,
  body: Record<string, unknown>,
): Promise<T> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': '20250101T000000Z',
      authorization: `AWS4-HMAC-SHA256 ${LOCAL_CREDENTIAL}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { __type?: string; message?: string };
  if (response.ok) {
    return answer as T;
  }
  throw awsError(
    (answer.__type ?? '').split('#').at(-1) ?? 'Unknown',
    answer.message ?? `${target} answered ${response.status}`,
    response.status,
  );
}

/** The operations of a service by name. `callerToken` is the session token that signed the call. */
export type AwsOperations = Record<
  string,
  (input: Record<string, unknown>, callerToken: string | undefined) => unknown
>;

/** The operations of a service. `refusal` returns the error if the caller may not do this. */
export type AwsService = {
  readonly operations: AwsOperations;
  readonly refusal: (
    keyId: string | undefined,
    operation: string,
    input: Record<string, unknown>,
  ) => AwsError | undefined;
};

/**
 * Answers a call in the AWS JSON protocol 1.0 or 1.1. The operation is in `X-Amz-Target`, and the
 * code of an error in `__type`.
 */
export async function serveAws(
  { operations, refusal }: AwsService,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): Promise<void> {
  const contentType = request.headers['content-type'] ?? 'application/x-amz-json-1.1';
  const answer = (status: number, payload: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': contentType, ...headers });
    response.end(JSON.stringify(payload ?? {}));
  };
  try {
    const target = String(request.headers['x-amz-target'] ?? '');
    const name = target.split('.').at(-1) ?? '';
    const operation = operations[name];
    if (!operation) {
      throw awsError(
        'UnknownOperationException',
        `The service has no operation ${target || '(none)'} locally.`,
      );
    }
    const callerToken = request.headers['x-amz-security-token'];
    const input = parseInput(body);
    const refused = refusal(keyIdOf(request.headers), name, input);
    if (refused) {
      throw refused;
    }
    answer(200, await operation(input, callerToken?.toString()));
  } catch (error) {
    const { code = 'InternalFailure', status = 500, message } = error as Partial<AwsError>;
    answer(status, { __type: code, message }, { 'x-amzn-errortype': code });
  }
}

function parseInput(body: string): Record<string, unknown> {
  let input: unknown;
  try {
    input = JSON.parse(body || '{}');
  } catch {
    throw awsError('SerializationException', 'The body of the request is not JSON.');
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw awsError('SerializationException', 'The body of the request is not a JSON object.');
  }
  return input as Record<string, unknown>;
}
