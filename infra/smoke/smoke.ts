/** `npm run smoke`: checks that a deployed stack works, through its own API. */
import { parseArgs } from 'node:util';
import { createTable } from '../../shared/stores/table.ts';
import { CONNECTION_OPTIONS, type ConnectionRequest, connect } from '../admin/connect.ts';
import { createSmokeApi } from './api.ts';
import { type Step, smokeSteps } from './steps.ts';
import { createSmokeWorld, removeSmokeWorld } from './world.ts';

const USAGE = `Usage: npm run smoke -- --stage NAME [--token T]

  --stage NAME   the deployed stage to test; your credentials are used to write to its table
  --url URL      the local stack to try instead, such as http://127.0.0.1:8787
  --token T      a token of the stage that has to be let in as well
  --help         print this`;

/** Ctrl-C aborts the current step; the test data is still removed. */
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort(new Error('The smoke test was interrupted.')));

try {
  process.exitCode = (await smoke(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

/** Returns whether every step succeeded. */
async function smoke(args: readonly string[]): Promise<boolean> {
  const request = readRequest(args);
  if (request === undefined) {
    console.log(USAGE);
    return true;
  }
  const stack = await connect(request, ['table', 'url']);
  const table = createTable({ client: stack.dynamodb, name: stack.table });
  const world = createSmokeWorld();
  const createdProjectIds: string[] = [];
  const steps = smokeSteps({
    api: createSmokeApi(stack.url, interruption.signal),
    table,
    world,
    givenToken: request.token,
    onProjectCreated: (projectId) => createdProjectIds.push(projectId),
  });

  console.log(`Trying ${stack.name}: ${stack.url}/api/0/`);
  const works = await runUntilFailure(steps);
  const isClean = await runStep({
    name: 'what this test wrote is removed',
    run: () => removeSmokeWorld(world, createdProjectIds, table),
  });
  if (works && isClean) {
    console.log(`Everything works in ${stack.name}.`);
  }
  return works && isClean;
}

/** Runs the steps up to the first failure, since each relies on those before it. */
async function runUntilFailure(steps: readonly Step[]): Promise<boolean> {
  for (const step of steps) {
    if (!(await runStep(step))) {
      return false;
    }
  }
  return true;
}

/** Runs a step and prints its result and duration. */
async function runStep({ name, run }: Step): Promise<boolean> {
  const startMs = performance.now();
  const report = (outcome: 'ok' | 'failed') => {
    const tookMs = String(Math.round(performance.now() - startMs));
    console.log(`${outcome.padEnd(6)} ${tookMs.padStart(6)} ms  ${name}`);
  };
  try {
    await run();
    report('ok');
    return true;
  } catch (error) {
    report('failed');
    console.error(`${' '.repeat(18)}${(error as Error).message}`);
    return false;
  }
}

/** Parses the arguments; undefined if help was requested. */
function readRequest(
  args: readonly string[],
): (ConnectionRequest & { readonly token: string | undefined }) | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        token: { type: 'string' },
        help: { type: 'boolean', default: false },
        ...CONNECTION_OPTIONS,
      },
    });
    if (values.help) {
      return undefined;
    }
    if (values.stage === undefined && values.url === undefined) {
      throw new Error('Name a stage with --stage.');
    }
    return { stage: values.stage, url: values.url, token: values.token };
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${USAGE}`);
  }
}
