import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Input = Readonly<Record<string, unknown>>;

/**
 * What AWS answers to an operation, by its target: `AmazonSSM.GetParameters`. What it throws is an
 * error of AWS.
 */
export type AwsOperations = Readonly<Record<string, (input: Input) => unknown>>;

/**
 * A server that speaks the JSON protocols of AWS for commands that are tried as processes of their
 * own. Its `env` leads every SDK there, with credentials that are none.
 */
export async function startAwsDouble(operations: AwsOperations) {
  const calls: [string, Input][] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) {
      text += chunk;
    }
    const target = String(request.headers['x-amz-target']);
    const input = JSON.parse(text) as Input;
    calls.push([target, input]);
    const { status, body } = answer(operations, target, input);
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    calls,
    env: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
    stop: () => void server.close(),
  };
}

export type AwsDouble = Awaited<ReturnType<typeof startAwsDouble>>;

function answer(operations: AwsOperations, target: string, input: Input) {
  const operation = operations[target];
  if (operation === undefined) {
    return { status: 400, body: { __type: 'UnknownOperationException', message: target } };
  }
  try {
    return { status: 200, body: operation(input) ?? {} };
  } catch (error) {
    const { name, code = name, message } = error as Error & { code?: string };
    return { status: 400, body: { __type: code, message } };
  }
}
