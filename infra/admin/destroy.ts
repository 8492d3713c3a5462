/** `npm run destroy`: removes a stage, first its stack and then what is not in the stack. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { SSMClient } from '@aws-sdk/client-ssm';
import { type StageSettings, stageName, stageSettings } from '../stages.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';
import { isConfirmed } from './input.ts';
import { deleteParameters, stageParameterNames } from './stage-parameters-left.ts';

const USAGE = `Usage: npm run destroy -- -c stage=NAME

  -c stage=NAME   the stage; what the region's stages share stays
  --help          print this

For staging and prod the name is asked for once more.`;

try {
  process.exitCode = (await destroy(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

/** Returns whether all was removed that should be. */
async function destroy(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return true;
  }
  const context = Object.fromEntries(values.context.map((pair) => pair.split(/=(.*)/s)));
  const settings = stageSettings(context);
  if (settings.confirmDestroy && !(await confirm(settings))) {
    console.error(`That is not the name of the stage: ${settings.name} stays as it is.`);
    return false;
  }
  const progress = createProgress();
  progress.say(`Removing the stack ${stageName(settings)}. Its cache alone takes some minutes.`);
  // By name and not with --all, which would remove the stack of the region too.
  const options = values.context.flatMap((pair) => ['-c', pair]);
  const code = await run('cdk', ['destroy', stageName(settings), '--force', ...options]);
  if (code !== 0) {
    console.error(
      `The stack ${stageName(settings)} was not removed, and neither were its parameters.`,
    );
    return false;
  }
  await removeParameters(settings, progress);
  return true;
}

function confirm({ name, removal }: StageSettings): Promise<boolean> {
  const data = removal === 'retain' ? 'Its data and logs stay.' : 'Its data goes with it.';
  return isConfirmed(`This removes the stage ${name}. ${data}`, name);
}

/** The secrets of a stage whose data is retained are needed with that data. */
async function removeParameters(
  { name, removal }: StageSettings,
  progress: Progress,
): Promise<void> {
  const ssm = new SSMClient({});
  progress.step(`Looking for parameters below /baton/${name}/`);
  const names = await stageParameterNames(ssm, name);
  if (removal === 'retain') {
    progress.end();
    for (const left of names) {
      console.log(`${left} is kept, with the data.`);
    }
    return;
  }
  progress.step(`Removing parameters below /baton/${name}/`);
  await deleteParameters(ssm, names, (gone) => progress.count(gone, names.length));
  progress.end();
  console.log(`Removed ${names.length} parameters below /baton/${name}/.`);
}

async function run(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}
