import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningStack, startStack } from '../../infra/local/stack.ts';
import { runScript } from '../support/commands/run-script.ts';

const local = {
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack({ world: false });
});
afterAll(() => stack?.stop());

const smoke = (...args: string[]) =>
  runScript('infra/smoke/smoke.ts', args, {
    env: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_ENDPOINT_URL_SSM: `${stack.url}/_local/ssm`,
      AWS_ENDPOINT_URL_DYNAMODB: stack.dynamodb,
    },
  });

/**
 * What is in the table beside event records, which expire, and claims on namespaces of ids, which
 * must stay.
 */
async function itemsLeft(): Promise<unknown[]> {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ ...local, endpoint: stack.dynamodb }),
  );
  const { Items = [] } = await client.send(
    new ScanCommand({ TableName: stack.table, ConsistentRead: true }),
  );
  return Items.filter(({ pk, expiresAt }) => !pk.startsWith('NAMESPACE#') && !expiresAt);
}

const outcomes = (stdout: string) =>
  [...stdout.matchAll(/^(ok|failed) +\d+ ms {2}(.+)$/gm)].map(([, outcome, name]) => ({
    outcome,
    name,
  }));

describe('the smoke test', () => {
  it('goes through a stack that works, says so step by step, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await smoke('--url', stack.url);
    expect(stderr).toBe('');
    const steps = outcomes(stdout);
    expect(steps.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    expect(steps.map(({ name }) => name)).toEqual([
      'the API answers, and refuses who brings no token',
      'the authorizer refuses a token that there is not',
      'the gateway answers an unknown path in the words of Sentry',
      'an organization for this test is written into the table',
      'its token is let in and reads the organization',
      'an issue is assigned to a team',
      'it reads back assigned',
      'an event passes the stream, the bus and a queue, and has its effect',
      'the issue is unassigned',
      'it reads back unassigned',
      'a project is created under an id that the cache counted',
      'the project is deleted by a worker',
      'what this test wrote is removed',
    ]);
    expect(stdout).toMatch(/\nEverything works in the local stack at .+\.\n$/);
    expect(code).toBe(0);

    await fetch(`${stack.url}/_local/idle`);
    expect(await itemsLeft()).toEqual([]);
  });

  it("finds a deployed stage by its parameters, and fails with a token that is not the stage's", async () => {
    const ssm = new SSMClient({ ...local, endpoint: `${stack.url}/_local/ssm` });
    for (const [name, value] of Object.entries({ table: stack.table, url: stack.url })) {
      await ssm.send(
        new PutParameterCommand({ Name: `/baton/alice/${name}`, Value: value, Type: 'String' }),
      );
    }
    const { code, stdout, stderr } = await smoke('--stage', 'alice', '--token', 'nobodys');
    expect(stdout).toContain(`Trying the stage alice: ${stack.url}/api/0/`);
    expect(outcomes(stdout).slice(-2)).toEqual([
      { outcome: 'failed', name: 'the token that was given is let in' },
      { outcome: 'ok', name: 'what this test wrote is removed' },
    ]);
    expect(stderr).toContain('should answer 200, but answered 401 {"detail":"Invalid token"}');
    expect(code).toBe(1);
  });

  it('removes what it wrote when a later step fails', async () => {
    const broken = createServer(async (request, response) => {
      const { method = 'GET', url = '' } = request;
      if (url === '/_local/stack') {
        return void response.end(JSON.stringify({ ...stack, url: at }));
      }
      if (method === 'PUT') {
        return void response.writeHead(502).end('{"detail":"Internal Error"}');
      }
      const { authorization } = request.headers;
      const answer = await fetch(stack.url + url, {
        ...(authorization === undefined ? {} : { headers: { authorization } }),
      });
      response.writeHead(answer.status).end(await answer.text());
    });
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
    const at = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;
    const { code, stdout, stderr } = await smoke('--url', at);
    broken.close();
    expect(outcomes(stdout).slice(-2)).toEqual([
      { outcome: 'failed', name: 'an issue is assigned to a team' },
      { outcome: 'ok', name: 'what this test wrote is removed' },
    ]);
    expect(stderr).toContain('should answer 200, but answered 502 {"detail":"Internal Error"}');
    expect(code).toBe(1);
    expect(await itemsLeft()).toEqual([]);
  });

  it.each<[string, string[], RegExp]>([
    ['no stage', [], /^Name a stage with --stage\.\nUsage: npm run smoke/],
    ['an option that there is not', ['--stge', 'alice'], /Usage: npm run smoke/],
    ['a stage that there is not', ['--stage', 'nobody'], /have no stage "nobody"/],
    ['no stack', ['--url', 'http://127.0.0.1:9'], /^Nothing answers at /],
  ])('says in a sentence what is wrong: %s', async (_, args, expected) => {
    const { code, stderr } = await smoke(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toContain('    at ');
  });
});
