import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { evaluatePolicy, type Statement } from '../../infra/local/driver/access/policy.ts';
import { createRegionStack } from '../../infra/stacks/region-stack.ts';
import { repository } from '../support/product-source.ts';
import { readTemplate, render, target } from './template.ts';

/**
 * The SDK's package as a file: an account whose role, and whose refusals, the environment names.
 */
const SDK = `
  let role = process.env.ROLE || undefined;
  let refusals = Number(process.env.REFUSALS || 0);
  exports.GetAccountCommand = class { constructor(input) { this.run = () => ({ cloudwatchRoleArn: role }); } };
  exports.UpdateAccountCommand = class {
    constructor({ patchOperations: [{ op, path, value }] }) {
      this.run = () => {
        if (refusals-- > 0) throw new Error('The role ARN does not have required permissions');
        if (op !== 'replace' || path !== '/cloudwatchRoleArn') throw new Error('Invalid patch');
        role = value;
      };
    }
  };
  exports.APIGatewayClient = class { async send(command) { return command.run(); } };
  exports.roleNow = () => role;
`;

/** Has the function answer one event of CloudFormation, in a process of its own. */
function answerOf(RequestType: string, env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'baton-region-'));
  try {
    const sdk = join(folder, 'node_modules/@aws-sdk/client-api-gateway');
    mkdirSync(sdk, { recursive: true });
    writeFileSync(join(sdk, 'index.js'), SDK);
    writeFileSync(
      join(folder, 'index.js'),
      readFileSync(join(repository, 'infra/stacks/set-log-role.cjs')),
    );
    const event = {
      RequestType,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'resource',
      ResourceProperties: { RoleArn: 'arn:ours', PauseMs: '1' },
    };
    writeFileSync(
      join(folder, 'run.js'),
      `const server = require('node:http').createServer(async (request, response) => {
        let text = '';
        for await (const chunk of request) text += chunk;
        response.end();
        server.close();
        const { roleNow } = require('@aws-sdk/client-api-gateway');
        console.log(JSON.stringify({ method: request.method, role: roleNow(), ...JSON.parse(text) }));
      }).listen(0, '127.0.0.1', () => require('./index.js').handler({
        ...${JSON.stringify(event)},
        ResponseURL: 'http://127.0.0.1:' + server.address().port,
      }));`,
    );
    const { stdout, stderr } = spawnSync(process.execPath, ['run.js'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the stack of the region', () => {
  const app = new App({ analyticsReporting: false });
  const stack = createRegionStack(app);
  const { stacks } = app.synth({ validateOnSynthesis: false });
  const template = readTemplate(stacks[0]?.template);

  it('is protected from being destroyed along with a stage', () => {
    expect(stack.terminationProtection).toBe(true);
  });

  it('does not write over the settings of the account as a resource would', () => {
    expect(template.all('AWS::ApiGateway::Account')).toEqual([]);
  });

  it('lets its function read and change those settings, pass the one role, and nothing else', () => {
    const [, fn] = template.all('AWS::Lambda::Function')[0] ?? expect.fail('no function');
    const [[roleId] = expect.fail('no role')] = template
      .all('AWS::IAM::Role')
      .filter(([, role]) => role.ManagedPolicyArns !== undefined);
    const statements = template
      .all('AWS::IAM::Policy')
      .filter(([, policy]) => target(policy.Roles[0]) === target(fn.Role))
      .flatMap(([, policy]) => policy.PolicyDocument.Statement as Statement[]);
    const account = 'arn:<AWS::Partition>:apigateway:<AWS::Region>::/account';
    const may = (action: string, resource: string) =>
      evaluatePolicy(statements, { principal: 'x', action, resource, context: {} }, render);
    expect(may('apigateway:GET', account)).toBe('allowed');
    expect(may('apigateway:PATCH', account)).toBe('allowed');
    expect(may('iam:PassRole', `<${roleId}.Arn>`)).toBe('allowed');
    expect(may('apigateway:PATCH', account.replace('account', 'restapis/x'))).not.toBe('allowed');
    expect(may('iam:PassRole', 'arn:another')).not.toBe('allowed');
  });
});

describe('the function that sets the log role', () => {
  const done = { method: 'PUT', Status: 'SUCCESS', PhysicalResourceId: 'gateway-log-role' };

  it('sets ours where the account has none', () => {
    expect(answerOf('Create')).toMatchObject({ ...done, role: 'arn:ours', RequestId: 'request' });
  });

  it.each(['Create', 'Update'])('leaves one alone that is there already, at %s', (type) => {
    const answer = answerOf(type, { ROLE: 'arn:theirs' });
    expect(answer).toMatchObject({ ...done, role: 'arn:theirs', Data: { LogRole: 'arn:theirs' } });
  });

  it('waits for a role that is not known everywhere yet', () => {
    expect(answerOf('Create', { REFUSALS: '3' })).toMatchObject({ ...done, role: 'arn:ours' });
  });

  it('says why it failed, and does not leave CloudFormation waiting', () => {
    expect(answerOf('Create', { REFUSALS: '9' })).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('does not have required permissions'),
    });
  });

  it('touches nothing when the stack goes', () => {
    expect(answerOf('Delete', { ROLE: 'arn:theirs' })).toMatchObject({
      ...done,
      role: 'arn:theirs',
    });
  });
});
