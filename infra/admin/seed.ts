import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../local/driver/services/aws-json.ts';
import { writeWorld } from '../world/load.ts';
import { readWorld } from '../world/read.ts';

const USAGE = 'npm run seed -- FILE [--stage NAME] [--url http://127.0.0.1:8787]';
const LOCAL_URL = 'http://127.0.0.1:8787';

/** Where a world is to go. */
type Destination = {
  /** What it is called in what is printed. */
  readonly name: string;
  readonly stage: string;
  readonly table: string;
  readonly dynamodb: DynamoDBClient;
  readonly ssm: SSMClient;
};

/** The command line: a world's file, and the local stack or the stage that it goes to. */
type Request = {
  readonly file: string;
  readonly stage: string | undefined;
  readonly url: string | undefined;
};

/**
 * Writes a world into the local stack that runs, or into a deployed stage. Nothing is written
 * before the whole file is checked. A failure ends with sentences on stderr and exit code 1.
 */
async function seed(): Promise<void> {
  const { file, stage, url } = readRequest();
  const world = await readWorld(file);
  const to = stage === undefined ? await findLocal(url ?? LOCAL_URL) : await findStage(stage);
  const { written } = await writeWorld(world, {
    table: to.table,
    stage: to.stage,
    isRunning: true,
    client: DynamoDBDocumentClient.from(to.dynamodb, {
      marshallOptions: { removeUndefinedValues: true },
    }),
    putSecret: async (Name, Value) => {
      await to.ssm.send(
        new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }),
      );
    },
    log: (line) => console.log(line),
  });
  console.log(`Wrote ${file} to ${to.name}, table ${to.table}:`);
  for (const [noun, count] of Object.entries(written)) {
    console.log(`${String(count).padStart(8)} ${noun}`);
  }
}

function readRequest(): Request {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { stage: { type: 'string' }, url: { type: 'string' } },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) {
      throw new Error('Name one file with a world.');
    }
    if (values.stage !== undefined && values.url !== undefined) {
      throw new Error(
        '--url is for the local stack and --stage for a deployed one: give one of them.',
      );
    }
    return { file, stage: values.stage, url: values.url };
  } catch (error) {
    throw new Error(`${(error as Error).message}\nUsage: ${USAGE}`);
  }
}

/** The local stack says itself where its table is. */
async function findLocal(url: string): Promise<Destination> {
  const base = url.replace(/\/+$/, '');
  const stack = await askStack(base);
  const { dynamodb, table } = stack as { dynamodb?: unknown; table?: unknown };
  if (typeof dynamodb !== 'string' || typeof table !== 'string') {
    throw new Error(`What answers at ${base} is not Baton's local stack.`);
  }
  const engine = { region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };
  return {
    name: `the local stack at ${base}`,
    stage: 'local',
    table,
    dynamodb: new DynamoDBClient({ ...engine, endpoint: dynamodb }),
    ssm: new SSMClient({ ...engine, endpoint: `${base}/_local/ssm` }),
  };
}

async function askStack(base: string): Promise<object> {
  const address = `${base}/_local/stack`;
  if (!URL.canParse(address)) {
    throw new Error(`${base} is not a URL.`);
  }
  let response: Response;
  try {
    response = await fetch(address);
  } catch {
    throw new Error(
      `Nothing answers at ${base}: start the local stack with npm start, or say where it is with --url.`,
    );
  }
  const answer: unknown = await response.json().catch(() => null);
  return response.ok && typeof answer === 'object' && answer !== null ? answer : {};
}

/** A deployed stage says in the parameter `/baton/{stage}/table` what its table is called. */
async function findStage(stage: string): Promise<Destination> {
  const ssm = new SSMClient({});
  const parameter = `/baton/${stage}/table`;
  let table: string | undefined;
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: parameter }));
    table = Parameter?.Value;
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) {
      throw new Error(
        `AWS cannot be asked for the parameter ${parameter}: ${(error as Error).message}`,
      );
    }
  }
  if (table === undefined) {
    throw new Error(
      `This account and region have no stage "${stage}": the parameter ${parameter} is not there. ` +
        `Deploy it with npm run deploy -- -c stage=${stage}.`,
    );
  }
  return { name: `the stage ${stage}`, stage, table, dynamodb: new DynamoDBClient({}), ssm };
}

try {
  await seed();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
