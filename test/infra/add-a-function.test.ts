import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'baton-add-a-function-'));
  for (const file of trackedFiles()) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(REPOSITORY, file), join(copy, file));
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'));
});

afterEach(() => rmSync(copy, { recursive: true }));

function trackedFiles(): readonly string[] {
  const options = { cwd: REPOSITORY, encoding: 'utf8' } as const;
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], options);
  return listed.trim().split('\n');
}

/**
 * What the steps of README "Add a function" change, for a function with one route that takes one
 * event.
 */
const edits: Readonly<Record<string, (text: string) => string>> = {
  'shared/domain/issues/greeting.ts': () =>
    `/** How an issue is greeted. */
export function greeting(name: string): string {
  return \`Hello, \${name}.\`;
}
`,
  'shared/operations/issues/greet-issue.ts': () =>
    `import { greeting } from '../../domain/issues/greeting.ts';

/** Greets an issue by its id. */
export function greetIssue(id: string): string {
  return greeting(id);
}
`,
  'functions/greeter/handler.ts': () =>
    `import { apiHandler } from '../../shared/http/api.ts';
import { greetIssue } from '../../shared/operations/issues/greet-issue.ts';
import { wireApi } from '../../shared/wiring.ts';

/** Greets issues. */
export const handler = apiHandler({
  functionName: 'greeter',
  deps: wireApi(),
  endpoints: {
    greetIssue: async (_, { params }) => ({ status: 200, body: greetIssue(params.issue) }),
  },
});
`,
  'infra/functions.ts': (text) =>
    text.replace(
      'export const FUNCTIONS = {',
      `export const FUNCTIONS = {
  greeter: {
    size: 'light',
    timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
    uses: [],
    trigger: { kind: 'routes' },
  },`,
    ),
  'shared/http/routes/greetings.ts': () =>
    `import type { Route } from './route.ts';

/** Greetings. */
export const GREETING_ROUTES = [
  {
    method: 'GET',
    path: '/0/issues/{issue}/greeting/',
    operation: 'greetIssue',
    function: 'greeter',
    access: 'token',
    scopes: ['event:read'],
  },
] as const satisfies readonly Route[];
`,
  'shared/http/routes.ts': (text) =>
    text
      .replace(
        'import { INTEGRATION_ROUTES }',
        "import { GREETING_ROUTES } from './routes/greetings.ts';\nimport { INTEGRATION_ROUTES }",
      )
      .replace('export const ROUTES = [', 'export const ROUTES = [\n  ...GREETING_ROUTES,'),
  'infra/api-document/answer-of.ts': (text) =>
    text.replace('  getIndex: ok(index),', '  getIndex: ok(index),\n  greetIssue: ok(v.string()),'),
  'infra/api-document/operations/issues.ts': (text) =>
    text.replace(
      'export const ISSUE_OPERATIONS = {',
      `export const ISSUE_OPERATIONS = {
  greetIssue: { tag: 'Issues', summary: 'Greet an issue.', description: 'In one sentence.', example: {} },`,
    ),
  'test/infra/iam.test.ts': (text) =>
    text.replace('  authorizer: [', '  greeter: [],\n  authorizer: ['),
  'test/functions/strangers/references.ts': (text) =>
    text.replace('  getAuth: nothing,', '  getAuth: nothing,\n  greetIssue: nothing,'),
  'test/functions/answers/answers.test.ts': (text) =>
    text.replace('  getAuth: () => [{}],', '  getAuth: () => [{}],\n  greetIssue: () => [{}],'),
};

/** Places of README's list that a function of this kind has no need of. */
const notNeeded = ['shared/stores/', 'shared/wiring.ts', 'shared/domain/events.ts'];

it('the places that README names are all that a new function needs', () => {
  const readme = readFileSync(join(REPOSITORY, 'README.md'), 'utf8');
  const begin = readme.indexOf('## Add a function');
  const section = readme.slice(begin, readme.indexOf('`npm test`', begin));
  const named = [...section.matchAll(/`((?:functions|infra|shared|test)\/[^`]*)`/g)].map(
    ([, place = '']) => place.replace('<name>', 'greeter').replace('<noun>', 'issues'),
  );
  const edited = Object.keys(edits);
  expect(edited.filter((file) => !named.some((place) => file.startsWith(place)))).toEqual([]);
  expect(
    named.filter(
      (place) => !notNeeded.includes(place) && !edited.some((file) => file.startsWith(place)),
    ),
  ).toEqual([]);

  for (const [file, edit] of Object.entries(edits)) {
    const path = join(copy, file);
    const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
    mkdirSync(dirname(path), { recursive: true });
    const after = edit(before);
    expect(after, file).not.toBe(before);
    writeFileSync(path, after);
  }
  // Types and the stack itself: what a newcomer would be stopped by.
  writeFileSync(join(copy, 'tsconfig.greeter.json'), JSON.stringify(compiledWith(edited)));
  expect(run('node_modules/.bin/tsc', ['--noEmit', '-p', 'tsconfig.greeter.json'])).toBe('');
  const synthesis = run(process.execPath, ['infra/app.ts'], {
    CDK_OUTDIR: join(copy, 'cdk.out'),
    CDK_CONTEXT_JSON: JSON.stringify({ stage: 'greeting' }),
    CDK_VALIDATION: 'false',
  });
  expect(synthesis).toBe('');
  const template = readFileSync(join(copy, 'cdk.out/baton-greeting.template.json'), 'utf8');
  expect(template).toContain('baton-greeting-greeter');
  expect(template).toContain('/0/issues/{issue}/greeting');
});

/**
 * The product, and those tests that name a file which was edited: a function that they do not know
 * can only stop these from compiling. All tests take the compiler twice as long.
 */
function compiledWith(edited: readonly string[]) {
  const names = edited.map((file) => `/${basename(file)}'`);
  const tests = trackedFiles().filter(
    (file) =>
      /^test\/.*\.ts$/.test(file) &&
      names.some((name) => readFileSync(join(copy, file), 'utf8').includes(name)),
  );
  expect(tests.length).toBeGreaterThan(edited.length);
  return {
    extends: './tsconfig.json',
    compilerOptions: { incremental: false, tsBuildInfoFile: null },
    include: ['functions', 'shared', 'infra'],
    files: [...tests, ...edited],
  };
}

/** What a command prints where it fails; nothing where it succeeds. */
function run(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  return status === 0 ? '' : `${stdout}\n${stderr}`;
}
