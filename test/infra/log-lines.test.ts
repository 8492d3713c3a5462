import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ENV } from '../../shared/env.ts';
import { repository } from '../support/product-source.ts';

const CONTEXT = {
  awsRequestId: 'invocation-1',
  functionName: 'baton-alice-group-update',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:fn',
  memoryLimitInMB: '1024',
};

/**
 * Two invocations of one process, as it prints them: a cold one about a request, a warm one about
 * nothing.
 */
const SCRIPT = `
  const { wireTelemetry } = await import(${JSON.stringify(join(repository, 'shared/wiring.ts'))});
  const { log } = wireTelemetry();
  const context = ${JSON.stringify(CONTEXT)};
  log.begin(context, { requestId: 'request-1', project: 'shop', issue: '101' });
  log.warn('First.', { groupId: '101' });
  log.begin({ ...context, awsRequestId: 'invocation-2' });
  log.error('Second.', {});
`;

it('a line of the log names the function, the invocation, the trace, the request and the issue', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    encoding: 'utf8',
    env: {
      ...process.env,
      [ENV.stage]: 'alice',
      // What Lambda says of an environment that was started for a call, and not kept ready.
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      _X_AMZN_TRACE_ID:
        'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
    },
  });
  const lines = `${stdout}${stderr}`
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatchObject({
    level: 'WARN',
    message: 'First.',
    service: 'baton',
    function_name: 'baton-alice-group-update',
    function_request_id: 'invocation-1',
    cold_start: true,
    xray_trace_id: '1-5759e988-bd862e3fe1be46a994272793',
    requestId: 'request-1',
    project: 'shop',
    issue: '101',
    groupId: '101',
  });
  expect(lines[1]).toMatchObject({ function_request_id: 'invocation-2', cold_start: false });
  expect(lines[1]).not.toHaveProperty('requestId');
  expect(lines[1]).not.toHaveProperty('issue');
});
