import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../infra/functions.ts';

const CDK = fileURLToPath(new URL('../../node_modules/aws-cdk/bin/cdk', import.meta.url));
const APP = fileURLToPath(new URL('../../infra/app.ts', import.meta.url));

/** Makes every attempt to open a connection or to resolve a name an error that ends the process. */
const NO_NETWORK = `
  import dns from 'node:dns';
  import net from 'node:net';
  const refuse = (what) => () => { console.error('NETWORK', what); process.exit(99); };
  net.Socket.prototype.connect = refuse('connect');
  dns.lookup = refuse('lookup');
  dns.promises.lookup = refuse('lookup');
`;

/** The stages that are synthesized, with the environment of each beside what all have. */
const STAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  alice: {},
  staging: {},
  prod: {},
  local: { CDK_VALIDATION: 'false' },
};

/**
 * Evaluates the app for one stage after the other. All that it does for a stage follows from its
 * environment; to load the CDK and its validation takes longer than to use them.
 */
const EACH_STAGE = `
  for (const [stage, environment] of Object.entries(JSON.parse(process.env.STAGES))) {
    Object.assign(process.env, environment);
    await import(process.env.APP + '?' + stage);
  }
`;

/** A folder that holds nothing but functions, and what the app makes of them. */
let root: string;
let run: ReturnType<typeof runNode>;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'baton-cdk-'));
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(root, 'functions', name), { recursive: true });
    writeFileSync(
      join(root, 'functions', name, 'handler.ts'),
      `export const handler = async () => '${name}';`,
    );
  }
  leaveEarlierAssembly(outdirOf('local'));
  const stages = Object.entries(STAGES).map(([stage, environment]) => [
    stage,
    { ...environmentOf(stage), ...environment },
  ]);
  run = runNode(['--input-type=module', '--eval', EACH_STAGE], {
    APP: pathToFileURL(APP).href,
    STAGES: JSON.stringify(Object.fromEntries(stages)),
  });
});

afterAll(() => rmSync(root, { recursive: true }));

const outdirOf = (stage: string) => join(root, `cdk.out-${stage}`);

/** What the CDK command tells the app. */
function environmentOf(stage: string): Record<string, string> {
  mkdirSync(outdirOf(stage), { recursive: true });
  return { CDK_OUTDIR: outdirOf(stage), CDK_CONTEXT_JSON: JSON.stringify({ stage }) };
}

/**
 * Starts a process as the CDK command does: no credentials, no region, no network, a home that is
 * empty.
 */
function runNode(args: readonly string[], environment: Record<string, string>) {
  return spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(NO_NETWORK)}`, ...args],
    {
      cwd: root,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: root,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        ...environment,
      },
    },
  );
}

/** Files as an earlier run leaves them, beside some of other origin. */
function leaveEarlierAssembly(outdir: string): void {
  for (const name of ['asset.0000', 'my-notes']) {
    mkdirSync(join(outdir, name), { recursive: true });
    writeFileSync(join(outdir, name, 'index.mjs'), '');
  }
  for (const name of ['baton-bob.template.json', 'read.1.lock']) {
    writeFileSync(join(outdir, name), '{}');
  }
}

/**
 * Runs the CDK command itself, in a folder that has nothing but the functions and no way to AWS.
 */
function runCommand(verb: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [CDK, ...verb, '--app', `${process.execPath} ${APP}`, '--output', outdirOf('command')],
    {
      cwd: root,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: root,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    },
  );
  return { status, output: `${stdout}${stderr}` };
}

const readJson = (stage: string, name: string) =>
  JSON.parse(readFileSync(join(outdirOf(stage), name), 'utf8'));

describe('cdk synth', () => {
  it.each(['alice', 'staging', 'prod'])(
    'of %s needs no network and no credentials, and no check has an objection',
    (stage) => {
      expect(run).toMatchObject({ stderr: '', status: 0 });
      const { pluginReports } = readJson(stage, 'validation-report.json');
      expect(pluginReports.length).toBeGreaterThan(0);
      for (const report of pluginReports) {
        expect(report).toMatchObject({ conclusion: 'success', violations: [] });
      }
      const warnings = Object.values(readJson(stage, 'manifest.json').artifacts).flatMap(
        (artifact) =>
          Object.values(
            (artifact as { metadata?: Record<string, { type: string }[]> }).metadata ?? {},
          )
            .flat()
            .filter(({ type }) => /warning|error/.test(type)),
      );
      expect(warnings).toEqual([]);
    },
  );

  it.each([
    ['alice', ['baton-alice']],
    ['prod', ['baton-prod', 'baton-region']],
  ])('of %s makes the stacks %j, bound to no account and no region', (stage, expected) => {
    const stacks = Object.entries(readJson(stage, 'manifest.json').artifacts).filter(
      ([, artifact]) => (artifact as { type: string }).type === 'aws:cloudformation:stack',
    );
    expect(stacks.map(([name]) => name).sort()).toEqual(expected);
    for (const [, stack] of stacks) {
      expect(stack).toMatchObject({ environment: 'aws://unknown-account/unknown-region' });
    }
  });

  it('of prod protects the stack, and waits for the log role of the region', () => {
    const { 'baton-prod': prod } = readJson('prod', 'manifest.json').artifacts;
    expect(prod.properties.terminationProtection).toBe(true);
    expect(prod.dependencies).toContain('baton-region');
  });

  it('removes what an earlier run left, and nothing that is not its own', () => {
    const left = readdirSync(outdirOf('local'));
    expect(left).toEqual(
      expect.arrayContaining(['my-notes', 'read.1.lock', 'baton-local.template.json']),
    );
    expect(left).not.toContain('asset.0000');
    expect(left).not.toContain('baton-bob.template.json');
  });

  // The documents show it without an environment: documented-commands.test.ts runs that.
  it('is not asked for a stage by bootstrap, which then lacks nothing but credentials', () => {
    const { status, output } = runCommand(['bootstrap', 'aws://111111111111/eu-west-1']);
    expect(output).toMatch(/Unable to resolve AWS account|no credentials have been configured/);
    expect(output).not.toMatch(/warning/i);
    expect(status).toBe(1);
  });

  it.each(['synth', 'diff'])(
    'without a stage is refused by %s, and told how to name one',
    (verb) => {
      const { status, output } = runCommand([verb]);
      expect(output).toContain('-c stage=alice');
      expect(status).toBe(1);
    },
  );

  it('says which handlers are missing', () => {
    const handler = join(root, 'functions', 'unsnooze', 'handler.ts');
    renameSync(handler, `${handler}.away`);
    const { status, stderr } = runNode([APP], environmentOf('dave'));
    renameSync(`${handler}.away`, handler);
    expect(status).not.toBe(0);
    expect(stderr).toContain('functions/unsnooze/handler.ts');
  });
});

describe('the template that one machine runs', () => {
  it('is one stack of plain references, without nested stacks and custom resources', () => {
    expect(
      readdirSync(outdirOf('local')).filter((name) => name.endsWith('.template.json')),
    ).toEqual(['baton-local.template.json']);
    const template = readJson('local', 'baton-local.template.json');
    expect(Object.keys(template)).not.toContain('Conditions');
    expect(Object.keys(template)).not.toContain('Mappings');
    const types = Object.values(template.Resources).map(
      (resource) => (resource as { Type: string }).Type,
    );
    expect(types.filter((type) => /^(?:Custom::|AWS::CloudFormation::)/.test(type))).toEqual([]);
    const intrinsics = JSON.stringify(template.Resources).match(/"Fn::\w+"/g) ?? [];
    expect([...new Set(intrinsics)].sort()).toEqual(['"Fn::GetAtt"', '"Fn::Join"', '"Fn::Sub"']);
  });

  it('refers to nothing that is not there', () => {
    const { Resources } = readJson('local', 'baton-local.template.json');
    const referred = [
      ...JSON.stringify(Resources).matchAll(/\{"(?:Ref":"([^"]+)"|Fn::GetAtt":\["([^"]+)")/g),
    ].map(([, ref, attribute]) => ref ?? attribute ?? '');
    expect(referred.length).toBeGreaterThan(100);
    const unknown = referred.filter((id) => !(id in Resources) && !id.startsWith('AWS::'));
    expect(unknown).toEqual([]);
  });

  it('names a bundle of its own for every function', () => {
    const files = Object.values(readJson('local', 'baton-local.assets.json').files) as {
      source: { path: string; packaging: string };
    }[];
    const codes = files
      .filter(({ source }) => source.packaging === 'zip')
      .map(({ source }) => readFileSync(join(outdirOf('local'), source.path, 'index.mjs'), 'utf8'));
    expect(codes).toHaveLength(FUNCTION_NAMES.length);
    for (const name of FUNCTION_NAMES) {
      expect(
        codes.filter((code) => code.includes(`"${name}"`)),
        name,
      ).toHaveLength(1);
    }
    expect(existsSync(join(root, '.build', 'sizes.json'))).toBe(true);
  });
});
