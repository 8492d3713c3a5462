import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startTable } from '../../../infra/local/driver/engines/table.ts';
import { type AwsOperations, serveAws } from '../../../infra/local/driver/services/aws-json.ts';
import {
  createParameterStore,
  createSsmOperations,
} from '../../../infra/local/driver/services/ssm.ts';
import { documentClient } from '../../../shared/stores/document-client.ts';
import { createTable } from '../../../shared/stores/table.ts';
import { wireStores } from '../../../shared/wiring.ts';
import { freshTable } from '../table.ts';
import { runScript, runScriptHere } from './run-script.ts';

/**
 * The addresses of a local stack that the commands of operators use, in front of an engine of its
 * own: where everything is, the parameter store, and what else is given. `env` leads a command
 * there as if it were AWS.
 */
export async function startCommandEngine(services: AwsOperations = {}) {
  const engine = await startTable();

  /** A table and parameters of one test alone. */
  async function startStack() {
    const { name: table } = await freshTable(engine.endpoint);
    const parameters = createParameterStore(undefined);
    const operations: AwsOperations = { ...createSsmOperations(parameters), ...services };
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) {
        body += chunk;
      }
      if (request.url === '/_local/stack') {
        const eventbridge = `${url}/_local/aws`;
        const stack = { url, dynamodb: engine.endpoint, table, eventbridge, bus: 'b' };
        response.end(JSON.stringify(stack));
      } else if (/^\/_local\/(?:ssm|aws)\b/.test(request.url ?? '')) {
        await serveAws({ operations, refusal: () => undefined }, request, body, response);
      } else {
        response.writeHead(404).end('{}');
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = documentClient(
      new DynamoDBClient({
        endpoint: engine.endpoint,
        region: 'local',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      }),
    );
    const env = {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_ENDPOINT_URL_SSM: `${url}/_local/aws`,
      AWS_ENDPOINT_URL_EVENTBRIDGE: `${url}/_local/aws`,
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: `${url}/_local/aws`,
      AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    };
    return {
      url,
      table,
      client,
      parameters,
      stores: wireStores(createTable({ client, name: table })),
      /** Says where the table is, as the deployment of a stage does. */
      deploy(stage: string): void {
        parameters.put(`/baton/${stage}/table`, table, 'String');
        parameters.put(`/baton/${stage}/bus`, `baton-${stage}`, 'String');
      },
      /** Runs a command in this process. */
      run: (script: string, args: readonly string[], input = '') =>
        runScriptHere(script, args, { env, input }),
      /** Runs a command as operators do, which loads all of it once more. */
      runProcess: (script: string, args: readonly string[], input = '') =>
        runScript(script, args, { env, input }),
      stop(): void {
        server.close();
        client.destroy();
      },
    };
  }

  return { endpoint: engine.endpoint, startStack, stop: () => engine.stop() };
}

export type CommandEngine = Awaited<ReturnType<typeof startCommandEngine>>;
export type CommandStack = Awaited<ReturnType<CommandEngine['startStack']>>;
