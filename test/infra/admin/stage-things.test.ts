import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { integrationItems } from '../../../shared/stores/sync/integrations.ts';
import {
  type CommandEngine,
  type CommandStack,
  startCommandEngine,
} from '../../support/commands/command-stack.ts';

/** The groups of logs of the account, by name, with their tags. */
let logGroups: Map<string, Record<string, string>>;
let engine: CommandEngine;
let stack: CommandStack;
beforeAll(async () => {
  engine = await startCommandEngine({
    DescribeLogGroups: ({ logGroupNamePrefix, nextToken }) => {
      const names = [...logGroups.keys()].filter((name) =>
        name.startsWith(String(logGroupNamePrefix)),
      );
      const at = Number(nextToken ?? 0);
      return {
        logGroups: names
          .slice(at, at + 1)
          .map((logGroupName) => ({ logGroupName, logGroupArn: `arn:${logGroupName}` })),
        ...(at + 1 < names.length && { nextToken: String(at + 1) }),
      };
    },
    ListTagsForResource: ({ resourceArn }) => ({
      tags: logGroups.get(String(resourceArn).slice('arn:'.length)),
    }),
    DeleteLogGroup: ({ logGroupName }) => {
      logGroups.delete(String(logGroupName));
      return {};
    },
  });
});
afterAll(() => engine?.stop());
beforeEach(async () => {
  stack = await engine.startStack();
  logGroups = new Map();
  return () => stack.stop();
});

const admin = (line: string, input = '') =>
  stack.run('infra/admin/admin.ts', line.split(' '), input);

describe('secrets set', () => {
  const secretRef = 'organizations/1/integrations/501';
  const parameter = `/baton/local/${secretRef}`;
  const set = (input: string, id = '501') => admin(`secrets set ${id} --url ${stack.url}`, input);

  beforeEach(async () => {
    const items = integrationItems({
      ...{ id: '501', organizationId: '1', provider: 'gitlab', name: 'GitLab', secretRef },
      ...{ baseUrl: 'https://gitlab.com/api/v4', config: {}, allowPrivateAddress: false },
      ...{ actor: null, dateCreated: '2026-11-22T12:00:00.000Z', pausedUntilMs: null },
      refusedAtMs: null,
    });
    for (const Item of items) {
      await stack.client.send(new PutCommand({ TableName: stack.table, Item }));
    }
  });

  it('keeps what comes on standard input, encrypted, and prints nothing of it', async () => {
    const secret = { token: 'very-secret', webhookSecrets: ['hook-secret'] };
    const { code, stdout, stderr } = await set(JSON.stringify(secret, null, 2));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain(`into ${parameter}: a token, and 1 webhook secret.`);
    expect(stdout).not.toMatch(/very-secret|hook-secret/);
    const kept = stack.parameters.get(parameter);
    expect(kept?.type).toBe('SecureString');
    expect(JSON.parse(kept?.value ?? '')).toEqual(secret);
    await set(JSON.stringify({ ...secret, token: 'rotated' }));
    expect(stack.parameters.get(parameter)?.version).toBe(2);
  });

  it.each<[string, string, RegExp]>([
    ['nothing', '', /is not JSON/],
    ['no JSON', 'very-secret', /is not JSON/],
    ['no credentials', '{"tokne":"very-secret"}', /holds no credentials/],
    [
      'webhook secrets that are no list',
      '{"token":"very-secret","webhookSecrets":"x"}',
      /webhookSecrets must be a list/,
    ],
    [
      'a secret of a GitHub App for GitLab',
      '{"appId":"1","installationId":"2","privateKey":"very-secret"}',
      /secret of a GitHub App, and the integration 501 is gitlab/,
    ],
    ['more than fits', JSON.stringify({ token: 'very-secret'.repeat(500) }), /4096 bytes/],
  ])('refuses %s, and repeats none of it', async (_, input, expected) => {
    const { code, stdout, stderr } = await set(input);
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
    expect(stdout + stderr).not.toContain('very-secret');
    expect(stack.parameters.get(parameter)).toBeUndefined();
  });

  it('refuses an integration that there is not', async () => {
    const { code, stderr } = await set('{"token":"t"}', '9');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^There is no integration "9"/);
  });
});

describe('leftovers', () => {
  const own = '/baton/alice/organizations/1/integrations/501';
  beforeEach(() => {
    const tags = (stage: string) => ({ application: 'baton', stage });
    logGroups = new Map([
      ['baton-alice-authorizerlogs-1', tags('alice')],
      ['baton-alice-2-authorizerlogs-1', tags('alice-2')],
      ['baton-alice-webhooklogs-1', tags('alice')],
      ['baton-bob-webhooklogs-1', tags('bob')],
    ]);
    stack.parameters.put(own, '{}');
    stack.parameters.put('/baton/alice-2/organizations/1/integrations/1', '{}');
  });

  it('of a stage that is gone are listed, and removed by whoever types its name', async () => {
    const { code, stdout } = await admin('leftovers --stage alice');
    expect(code).toBe(0);
    expect(stdout).toContain('The stage alice has no stack any more; outside it are 3 resources:');
    expect(stdout).toContain(`  parameter  ${own}\n`);
    expect(stdout).toContain('npx cdk gc');

    const refused = await admin('leftovers --stage alice --remove', 'alicia\n');
    expect(refused.code).toBe(1);
    expect(stack.parameters.get(own)).toBeDefined();

    expect((await admin('leftovers --stage alice --remove', 'alice\n')).code).toBe(0);
    expect(stack.parameters.names()).toEqual(['/baton/alice-2/organizations/1/integrations/1']);
    expect([...logGroups.keys()]).toEqual([
      'baton-alice-2-authorizerlogs-1',
      'baton-bob-webhooklogs-1',
    ]);
    const { leftovers } = JSON.parse((await admin('leftovers --stage alice --json')).stdout);
    expect(leftovers).toEqual([]);
  });

  it('of a stage that is deployed are its own, and stay', async () => {
    stack.deploy('alice');
    const { stdout } = await admin('leftovers --stage alice --json');
    expect(JSON.parse(stdout)).toEqual({
      stage: 'alice',
      isDeployed: true,
      leftovers: [{ kind: 'parameter', name: own }],
    });
    const { code, stderr } = await admin('leftovers --stage alice --remove', 'alice\n');
    expect(code).toBe(1);
    expect(stderr).toContain('Destroy it first');
    expect(stack.parameters.get(own)).toBeDefined();
  });
});
