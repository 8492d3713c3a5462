import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runScriptHere } from '../support/commands/run-script.ts';
import { type AwsDouble, startAwsDouble } from '../support/doubles/aws-double.ts';

let scratch: string;
let aws: AwsDouble;
/** The parameters of the account. */
let parameters: Set<string>;

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'baton-destroy-'));
  parameters = new Set([
    ...Array.from({ length: 23 }, (_, n) => `/baton/alice/organizations/1/integrations/${n}`),
    '/baton/alicette/organizations/1/integrations/1',
    '/baton/prod/organizations/1/integrations/1',
    '/somebody/else',
  ]);
  aws = await startAwsDouble({
    'AmazonSSM.GetParametersByPath': parametersByPath,
    'AmazonSSM.DeleteParameters': ({ Names }) => {
      const names = Names as string[];
      expect(names.length).toBeLessThanOrEqual(10);
      for (const name of names) {
        parameters.delete(name);
      }
    },
  });
});

afterEach(() => {
  aws.stop();
  rmSync(scratch, { recursive: true });
});

/** Ten names a page, as in AWS. */
function parametersByPath({ Path, Recursive, NextToken = '0' }: Readonly<Record<string, unknown>>) {
  expect(Recursive).toBe(true);
  const found = [...parameters].filter((name) => name.startsWith(String(Path)));
  const start = Number(NextToken);
  return {
    Parameters: found.slice(start, start + 10).map((Name) => ({ Name })),
    ...(start + 10 < found.length && { NextToken: String(start + 10) }),
  };
}

/** Runs the command beside a `cdk` that writes down how it was called and ends with this code. */
async function destroy(args: readonly string[], { typed = '', cdkCode = 0 } = {}) {
  const calls = join(scratch, 'calls');
  writeFileSync(calls, '');
  writeFileSync(join(scratch, 'cdk'), `#!/bin/sh\necho "$*" >> ${calls}\nexit ${cdkCode}\n`);
  chmodSync(join(scratch, 'cdk'), 0o755);
  const { code, stdout, stderr } = await runScriptHere('infra/admin/destroy.ts', args, {
    env: { PATH: `${scratch}${delimiter}${process.env.PATH}`, ...aws.env },
    input: typed,
  });
  return {
    code,
    output: stdout + stderr,
    calls: readFileSync(calls, 'utf8').split('\n').filter(Boolean),
  };
}

const ofStage = (stage: string) =>
  [...parameters].filter((name) => name.startsWith(`/baton/${stage}/`));

describe('npm run destroy', () => {
  it('removes a personal stage without a question, and its parameters, and nobody else’s', async () => {
    const { code, calls, output } = await destroy(['-c', 'stage=alice']);
    expect(output.split('\n').filter(Boolean)).toEqual([
      'Removed 23 parameters below /baton/alice/.',
      'Removing the stack baton-alice. Its cache alone takes some minutes.',
      'Looking for parameters below /baton/alice/.',
      'Removing parameters below /baton/alice/.',
    ]);
    expect(code).toBe(0);
    expect(calls).toEqual(['destroy baton-alice --force -c stage=alice']);
    expect(ofStage('alice')).toEqual([]);
    expect(parameters.size).toBe(3);
  });

  it.each(['staging', 'prod'])(
    'asks for the name of %s, and stops where it is not typed',
    async (stage) => {
      for (const typed of ['', 'y\n', 'alice\n']) {
        const { code, calls, output } = await destroy(['-c', `stage=${stage}`], { typed });
        expect(output).toContain(`${stage} stays as it is`);
        expect(code).toBe(1);
        expect(calls).toEqual([]);
      }
    },
  );

  it('of prod leaves its secrets with its data, and names them', async () => {
    const { code, calls, output } = await destroy(['-c', 'stage=prod'], { typed: 'prod\n' });
    expect(calls).toEqual(['destroy baton-prod --force -c stage=prod']);
    expect(output).toContain('/baton/prod/organizations/1/integrations/1 is kept, with the data.');
    expect(code).toBe(0);
    expect(ofStage('prod')).toHaveLength(1);
  });

  it('removes nothing beside a stack that is still there', async () => {
    const { code, output } = await destroy(['-c', 'stage=alice'], { cdkCode: 1 });
    expect(output).toContain('The stack baton-alice was not removed');
    expect(code).toBe(1);
    expect(ofStage('alice')).toHaveLength(23);
  });

  it.each([
    [[], '-c stage=alice'],
    [['-c', 'stage=region'], 'baton-region is the stack'],
  ])('with %j says what is wrong', async (args, sentence) => {
    const { code, output, calls } = await destroy(args);
    expect(output).toContain(sentence);
    expect(output).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
    expect(calls).toEqual([]);
  });
});
