import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTable, type TableEngine } from '../../../infra/local/driver/engines/table.ts';
import { serveAws } from '../../../infra/local/driver/services/aws-json.ts';
import {
  createParameterStore,
  createSsmOperations,
} from '../../../infra/local/driver/services/ssm.ts';
import { freshTable } from '../../support/table.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const acme = join(repository, 'infra/world/worlds/acme.json');

let engine: TableEngine;
beforeAll(async () => {
  engine = await startTable();
});
afterAll(() => engine.stop());

describe('the seed command', () => {
  let server: Server;
  let url: string;
  let table: string;
  let parameters: ReturnType<typeof createParameterStore>;

  /** The two addresses of the local stack that seeding uses. */
  beforeEach(async () => {
    table = (await freshTable(engine.endpoint)).name;
    parameters = createParameterStore(undefined);
    const operations = createSsmOperations(parameters);
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) {
        body += chunk;
      }
      if (request.url === '/_local/stack') {
        response.end(JSON.stringify({ dynamodb: engine.endpoint, table }));
      } else if (request.url?.startsWith('/_local/ssm')) {
        await serveAws({ operations, refusal: () => undefined }, request, body, response);
      } else {
        response.writeHead(404).end('{}');
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return () => server.close();
  });

  const seed = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const child = execFile(
        process.execPath,
        ['infra/admin/seed.ts', ...args],
        {
          cwd: repository,
          env: {
            ...process.env,
            AWS_REGION: 'eu-west-1',
            AWS_ACCESS_KEY_ID: 'x',
            AWS_SECRET_ACCESS_KEY: 'x',
            AWS_ENDPOINT_URL_SSM: `${url}/_local/ssm`,
            AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
          },
        },
        (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
    });

  it('writes a world into the local stack that runs, and prints what it wrote', async () => {
    const { code, stdout, stderr } = await seed(acme, '--url', url);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain(`Wrote ${acme} to the local stack at ${url}, table ${table}:`);
    expect(stdout).toMatch(/^ +4 groups$/m);
    expect(JSON.parse(parameters.get('/baton/local/local/github-501')?.value ?? '')).toMatchObject({
      token: 'tok1',
    });
  });

  it('can be repeated', async () => {
    await seed(acme, '--url', url);
    expect(await seed(acme, '--url', url)).toMatchObject({ code: 0, stderr: '' });
  });

  it("finds a deployed stage by its parameter, and puts the secrets under the stage's name", async () => {
    parameters.put('/baton/alice/table', table, 'String');
    const { code, stdout } = await seed(acme, '--stage', 'alice');
    expect(code).toBe(0);
    expect(stdout).toContain(`to the stage alice, table ${table}:`);
    expect(parameters.get('/baton/alice/local/github-501')?.type).toBe('SecureString');
  });

  it.each<[string, () => string[], RegExp]>([
    ['no file', () => [], /^Name one file with a world\.\nUsage: npm run seed -- FILE/],
    ['an option that there is not', () => [acme, '--ulr', 'x'], /Usage: npm run seed/],
    ['both places at once', () => [acme, '--stage', 'a', '--url', url], /give one of them/],
    ['a file that is not there', () => ['none.json'], /^The world none\.json cannot be read/],
    ['no stack', () => [acme, '--url', 'http://127.0.0.1:9'], /^Nothing answers at .* npm start/],
    ['something else than the stack', () => [acme, '--url', `${url}/else`], /is not Baton's local/],
    [
      'a stage that there is not',
      () => [acme, '--stage', 'nobody'],
      /have no stage "nobody".*npm run deploy/,
    ],
  ])('says in a sentence what is wrong: %s', async (_, args, expected) => {
    const { code, stderr } = await seed(...args());
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toContain('    at ');
  });
});
