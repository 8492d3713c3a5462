import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningStack } from '../../infra/local/stack.ts';
import { STAGE_OPTIONS } from '../../infra/stage-options.ts';
import { startTestStack } from '../support/app.ts';
import { runScriptHere } from '../support/commands/run-script.ts';
import {
  atStack,
  blocksOf,
  commandsOf,
  curl,
  readPage,
} from '../support/commands/shown-commands.ts';
import { repository } from '../support/product-source.ts';
import { synthesize } from './template.ts';

/**
 * Every command line that README and docs/ show: those for AWS are run up to the credentials, those
 * for the local stack against one, and those for developers are known to this suite, which they
 * start.
 */
const pages = ['README.md', 'CONTRIBUTING.md', ...pagesBelow('docs')];
const commands = [...new Set(pages.flatMap((page) => commandsOf(readPage(page))))];

const forAws = commands.filter(
  (command) =>
    /^npx cdk |^npm run (?:deploy|destroy|diff|bootstrap)\b/.test(command) ||
    /^npm run .* --stage /.test(command),
);
/** A deployment, without the options beside its stage. */
const deploymentOf = (command: string) => /^npm run deploy -- -c stage=\w+/.exec(command)?.[0];
/** The first of each kind is run as it is typed, and of the others the app is given the options. */
const deployedAlike = forAws.filter((command) => {
  const deployment = deploymentOf(command);
  return deployment && command !== forAws.find((other) => deploymentOf(other) === deployment);
});
const withoutAws = commands.filter((command) => /^npm run synth\b/.test(command));
/** What the page of webhooks has people try, which `try-it.test.ts` of webhooks runs. */
const ofWebhooks = commandsOf(readPage('docs/webhooks.md')).filter(
  (command) => !forAws.includes(command),
);
/** What the README has people do with a plan, step by step: a step may need the id of another. */
const planSteps = stepsOf(
  blocksOf(readPage('README.md')).find((block) => block.startsWith('plan=')) ?? '',
);
const forTheLocalStack = commands.filter(
  (command) =>
    command.startsWith('curl ') && !ofWebhooks.includes(command) && !planSteps.includes(command),
);
const forDevelopers = commands.filter((command) =>
  /^(?:npm ci|npm start|npm test|npm run (?:check|fix|dev|bench|cost|openapi|test(?::\w+)?))(?: |$)/.test(
    command,
  ),
);

const home = mkdtempSync(join(tmpdir(), 'baton-nobody-'));
afterAll(() => rmSync(home, { recursive: true }));

/** A machine that knows no account. */
const environment = {
  HOME: home,
  AWS_REGION: 'eu-west-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  // The test of the command has the template validated.
  CDK_VALIDATION: 'false',
};
/** What comes on standard input, instead of a file that is not here. */
const INPUT = 'prod\n';

/** Runs a line as somebody types it. */
function run(command: string) {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command.replace(/ < \S+$/, '')], {
    cwd: repository,
    encoding: 'utf8',
    input: INPUT,
    env: {
      PATH: [join(repository, 'node_modules/.bin'), process.env.PATH].join(delimiter),
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...environment,
    },
  });
  return { status, output: stdout + stderr };
}

const ADMIN = 'npm run admin -- ';
const firstOfAdmin = forAws.find((command) => command.startsWith(ADMIN));

/** Runs a line; of `npm run admin`, which takes a second to load, only the first as it is typed. */
async function runOnce(command: string) {
  if (!command.startsWith(ADMIN) || command === firstOfAdmin) {
    return run(command);
  }
  const words = command.replace(/ < \S+$/, '').slice(ADMIN.length);
  const { code, stdout, stderr } = await runScriptHere('infra/admin/admin.ts', words.split(' '), {
    env: environment,
    input: INPUT,
  });
  return { status: code, output: stdout + stderr };
}

describe('a command line of the documents', () => {
  it('is found, and of a kind that is tried here', () => {
    expect(forAws.length).toBeGreaterThan(7);
    const here = [...forTheLocalStack, ...planSteps, ...forDevelopers, ...ofWebhooks];
    const tried = [...forAws, ...withoutAws, ...here];
    expect(commands.filter((command) => !tried.includes(command))).toEqual([]);
  });

  it.each(forAws.filter((command) => !deployedAlike.includes(command)))(
    'lacks nothing but credentials: %s',
    async (command) => {
      const { status, output } = await runOnce(command);
      expect(output).toMatch(/credentials|Unable to resolve AWS account/);
      expect(output).not.toMatch(/Usage:|^\s+at /m);
      expect(status).not.toBe(0);
    },
  );

  it.each(deployedAlike)(
    'deploys what another one does, with options of the app: %s',
    (command) => {
      const options = [...command.matchAll(/ -c (\w+)=(\S+)/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ]);
      expect(command).toBe(
        `npm run deploy -- ${options.map(([name, value]) => `-c ${name}=${value}`).join(' ')}`,
      );
      const { stage = '', ...context } = Object.fromEntries(options);
      expect(STAGE_OPTIONS).toEqual(expect.arrayContaining(Object.keys(context)));
      expect(() => synthesize(stage, context)).not.toThrow();
    },
  );

  it.each(withoutAws)('needs no credentials: %s', (command) => {
    expect(run(command).status).toBe(0);
  });

  it.each(forDevelopers)(
    'starts a script that there is, on files that there are: %s',
    (command) => {
      const { scripts } = JSON.parse(readPage('package.json')) as {
        scripts: Record<string, string>;
      };
      for (const part of command.split(' && ')) {
        const [, name = ''] = /^npm (?:run )?([a-z:]+)/.exec(part) ?? [];
        if (name !== 'ci') {
          expect(scripts).toHaveProperty([name]);
        }
        for (const [path] of part.matchAll(/\b(?:test|infra|docs)\/\S+/g)) {
          expect(existsSync(join(repository, path)), path).toBe(true);
        }
      }
    },
  );
});

describe('what the README shows to try', () => {
  let stack: RunningStack | undefined;
  let url = '';
  beforeAll(async () => {
    stack = await startTestStack();
    url = stack.url;
  });
  afterAll(() => stack?.stop());

  const [assign = '', activities = '', events = '', rule = '', dsn = '', ...others] =
    forTheLocalStack;
  const [issue = '', why = '', repeated = '', ...reads] = others;
  const documented = answersOf(readPage('README.md'));
  const ask = async (command: string) => (await curl(command, url)).json();

  it('answers what stands there', async () => {
    expect(reads).toHaveLength(3);

    expect(await ask(assign)).toEqual(documented[0]?.[0]);
    const { activity } = (await ask(activities)) as { activity: Activity[] };
    expect(activity.map(({ type, data }) => ({ type, data }))).toEqual(
      (documented[1] as Activity[]).map(withAnyOperation),
    );
    await fetch(`${url}/_local/idle`);
    const put = (await ask(events)) as { 'detail-type': string; detail: Record<string, unknown> }[];
    const lines = put.map(({ 'detail-type': type, detail }) =>
      JSON.stringify([type, detail.groupId ?? null, detail.version]),
    );
    expect(lines.sort()).toEqual(documented[2]?.map((line) => JSON.stringify(line)).sort());

    const first = await curl(repeated, url);
    const again = await curl(repeated, url);
    expect([first.status, again.status]).toEqual([201, 201]);
    for (const read of reads) {
      expect((await curl(read, url)).status, read).toBe(200);
    }
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.json()).toEqual(await first.json());
  });

  it('plans a change, applies it and takes it back', async () => {
    const ids = new Map<string, string>();
    const answers: Record<string, unknown>[] = [];
    for (const step of planSteps) {
      const [, name, command = step] = /^(\w+)=\$\((.*) \| jq -r \.id\)$/.exec(step) ?? [];
      const known = command.replace(/\$(\w+)/g, (_, id: string) => ids.get(id) ?? '');
      const answer = await curl(known, url);
      expect([step, answer.ok]).toEqual([step, true]);
      const body = (await answer.json()) as Record<string, unknown>;
      answers.push(body);
      if (name !== undefined) {
        ids.set(name, String(body.id));
      }
      await fetch(`${url}/_local/idle`);
    }
    const [plan, issues, , operation, back, revert] = answers;
    expect(plan).toMatchObject({ state: 'ready', count: 2, operation: null });
    expect(issues).toMatchObject([{ after: { assignedTo: { name: 'Bob' } } }, {}]);
    expect(operation).toMatchObject({ state: 'done', requested: 2, drifted: 0 });
    expect(revert).toMatchObject({ kind: 'revert', requested: back?.count });
  });

  it('takes the error of a script, which is an issue of the team that the rule names', async () => {
    const readme = readPage('README.md');
    expect((await curl(rule, url)).status).toBe(200);
    const [key] = (await ask(dsn)) as { dsn: { public: string } }[];
    const shown = blocksOf(readme).find((block) => /^http:\S+$/.test(block)) ?? '';
    expect(key?.dsn.public).toBe(atStack(shown, url));
    const script = blocksOf(readme).find((block) => block.startsWith('SENTRY_DSN=')) ?? '';
    const child = spawn('sh', ['-c', atStack(script, url)], { cwd: repository, stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([1, null]);
    await fetch(`${url}/_local/idle`);
    const { title, assignedTo } = (await ask(issue)) as Record<string, unknown>;
    const { winner } = (await ask(why)) as Record<string, unknown>;
    expect([{ title, assignedTo }, winner]).toEqual(documented[3]);
  });
});

type Activity = { readonly type: string; readonly data: Readonly<Record<string, unknown>> };

/** The commands of a block, in its order, each in one line. */
function stepsOf(block: string): string[] {
  return block.replaceAll(/ \\\n\s*/g, ' ').split('\n');
}

/** An activity of the README, where the id of its operation is one of another day. */
function withAnyOperation({ type, data }: Activity) {
  const operationId = expect.stringMatching(/^\d+$/);
  return { type, data: 'operationId' in data ? { ...data, operationId } : data };
}

/** The blocks of JSON that follow the three commands, line by line. */
function answersOf(text: string): unknown[][] {
  return blocksOf(text)
    .filter((block) => /^[[{]/.test(block))
    .map((block) => block.split('\n').map((line) => JSON.parse(line)));
}

function pagesBelow(folder: string): string[] {
  return readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}
