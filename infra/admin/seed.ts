/** `npm run seed`: writes a world into the running local stack or into a deployed stage. */
import { randomInt } from 'node:crypto';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { createTokenStore } from '../../shared/stores/directory/tokens.ts';
import { createTable } from '../../shared/stores/table.ts';
import { createTransact } from '../../shared/stores/transaction.ts';
import { type Progress, progressFor } from '../terminal/progress.ts';
import { type LoadedWorld, writeWorld } from '../world/load.ts';
import { readWorld } from '../world/read.ts';
import type { World } from '../world/schema.ts';
import { indexWorld } from '../world/world-index.ts';
import { COMMON_OPTIONS, report } from './command.ts';
import { connect, type StageConnection } from './connect.ts';
import { readPublished, stageProblems } from './seed-checks.ts';
import { claimWorld } from './seed-claims.ts';
import { type MintedToken, mintTokens } from './seed-tokens.ts';

const USAGE = `Usage: npm run seed -- FILE [--stage NAME | --url http://127.0.0.1:8787] [--json]

  --stage NAME    a deployed stage: its tokens are generated anew and shown only this once;
                  what this world has not created is never overwritten
  --keep-tokens   with --stage: uses the tokens of the world unchanged, if Baton generated them
  --yes-prod      confirms that prod is meant
  --url URL       the local stack, if it is not at its default address
  --json          prints one line of JSON
  --help          prints this`;

try {
  await seed(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

/**
 * Checks the whole file before it writes anything. After a failure, stderr has the reasons and the
 * exit code is 1.
 */
async function seed(args: readonly string[]): Promise<void> {
  const { file, values } = readRequest(args);
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const progress = progressFor(values);
  try {
    const seeded = await writeFile(file, values, progress);
    progress.end();
    print(values, seeded);
  } finally {
    progress.end();
  }
}

async function writeFile(
  file: string,
  values: ReturnType<typeof readRequest>['values'],
  progress: Progress,
) {
  const world = await readWorld(file);
  if (values.stage !== undefined) {
    await requireFitForStage(world, file, values);
  }
  const stack = await connect({ stage: values.stage, url: values.url }, ['table']);
  if (!stack.isLocal) {
    progress.step(`Claiming what the world creates in ${stack.name}`);
  }
  const prepared = stack.isLocal
    ? { world, minted: [] }
    : await prepareForStage(world, { file, stack, keepsTokens: values['keep-tokens'] });
  progress.step(`Writing rows to ${stack.name}`);
  const { written } = await write(prepared.world, stack, progress);
  const left = world.tokens.length - prepared.world.tokens.length;
  return { file, stack, written, minted: prepared.minted, left };
}

function readRequest(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...COMMON_OPTIONS,
        'keep-tokens': { type: 'boolean', default: false },
        'yes-prod': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const [file, ...more] = positionals;
    if (!values.help && (file === undefined || more.length > 0)) {
      throw new Error('Give the name of one file with a world.');
    }
    return { file: file ?? '', values };
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${USAGE}`);
  }
}

/**
 * Checks that a world may be written into a deployed stage.
 *
 * @throws Error with a line for each problem
 */
async function requireFitForStage(
  world: World,
  file: string,
  values: {
    readonly stage?: string | undefined;
    readonly 'keep-tokens': boolean;
    readonly 'yes-prod': boolean;
  },
): Promise<void> {
  if (values.stage === 'prod' && !values['yes-prod']) {
    throw new Error('A world is test data: confirm with --yes-prod that it is meant for prod.');
  }
  const problems = stageProblems(world, {
    published: await readPublished(),
    keepsTokens: values['keep-tokens'],
  });
  if (problems.length > 0) {
    const about = `The world ${file} is not written to the stage ${values.stage}:`;
    throw new Error([about, ...problems].join('\n  '));
  }
}

/** Claims what the world creates, and generates its tokens. */
async function prepareForStage(
  world: World,
  {
    file,
    stack,
    keepsTokens,
  }: {
    readonly file: string;
    readonly stack: StageConnection<'table'>;
    readonly keepsTokens: boolean;
  },
): Promise<{ readonly world: World; readonly minted: readonly MintedToken[] }> {
  const table = createTable({ client: stack.dynamodb, name: stack.table });
  await claimWorld(world, {
    table,
    ssm: stack.ssm,
    name: basename(file),
    secretName: (reference) => secretName(stack.stage, reference),
  });
  return keepsTokens
    ? { world, minted: [] }
    : mintTokens(world, {
        tokens: createTokenStore(table, createTransact(table)),
        organizationId: indexWorld(world).organizationId,
        randomInt: (max) => randomInt(max),
      });
}

function write(
  world: World,
  stack: StageConnection<'table'>,
  progress: Progress,
): Promise<LoadedWorld> {
  return writeWorld(world, {
    table: stack.table,
    stage: stack.stage,
    isRunning: true,
    client: stack.dynamodb,
    putSecret: async (Name, Value) => {
      await stack.ssm.send(
        new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }),
      );
    },
    log: progress.note,
    onRows: (rows) => progress.count(rows),
  });
}

function secretName(stage: string, reference: string): string {
  return `/baton/${stage}/${reference}`;
}

function print(
  values: { readonly json: boolean },
  {
    file,
    stack,
    written,
    minted,
    left,
  }: {
    readonly file: string;
    readonly stack: StageConnection<'table'>;
    readonly written: LoadedWorld['written'];
    readonly minted: readonly MintedToken[];
    /** The number of tokens of the world that an earlier run has generated. */
    readonly left: number;
  },
): void {
  report(values, {
    lines: [
      `Wrote ${file} to ${stack.name}, table ${stack.table}:`,
      ...Object.entries(written).map(([noun, count]) => `${String(count).padStart(8)} ${noun}`),
      ...(left === 0
        ? []
        : [
            `${left === 1 ? '1 token' : `${left} tokens`} of an earlier run kept: ` +
              'npm run admin -- tokens rotate gives a new text.',
          ]),
      ...(minted.length === 0 ? [] : ['Its tokens were made anew, and are shown this once:']),
      ...minted.map(({ entry, token }) => {
        const whose = entry.user === undefined ? 'nobody' : `user ${entry.user}`;
        return `  ${token}  of ${entry.organizations.join(', ')} for ${whose}: ${entry.scopes.join(' ')}`;
      }),
    ],
    value: {
      file,
      stage: stack.stage,
      table: stack.table,
      written,
      tokens: minted.map(({ entry, token }) => ({
        token,
        user: entry.user ?? null,
        organizations: entry.organizations,
        scopes: entry.scopes,
      })),
    },
  });
}
