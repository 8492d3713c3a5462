import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER_PREFIX = 'baton-app-';
const OUR_FOLDER = new RegExp(`^${FOLDER_PREFIX}(\\d+)-`);

/** The name of the stage that runs on one machine. */
export const LOCAL_STAGE = 'local';

/** A synthesized app in a folder of its own. */
export type Synthesis = { readonly folder: string; remove(): Promise<void> };

type SynthOptions = {
  readonly rateLimits: boolean;
  /** Whether functions that use the cache are in a VPC, as those of staging and prod are. */
  readonly vpc?: boolean;
};

/**
 * Synthesizes the CDK app, bundles included, as the toolkit does, into a folder of this run alone.
 *
 * @throws Error with what the app printed, when it fails.
 */
export async function synthesize({ rateLimits, vpc = false }: SynthOptions): Promise<Synthesis> {
  await removeLeftovers();
  const folder = await mkdtemp(join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  const context = {
    stage: LOCAL_STAGE,
    ...(!rateLimits && { rateLimits: 'off' }),
    ...(vpc && { vpc: 'on' }),
    'aws:cdk:enable-path-metadata': true,
    'aws:cdk:enable-asset-metadata': true,
    'aws:cdk:version-reporting': false,
  };
  const app = spawn(process.execPath, ['infra/app.ts'], {
    cwd: REPOSITORY,
    env: {
      ...process.env,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      // The tests validate the template; here it would cost 1.7 s at every start.
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [app.stdout, app.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const remove = () => rm(folder, { recursive: true, force: true });
  const [code] = await once(app, 'close');
  if (code === 0) {
    return { folder, remove };
  }
  await remove();
  throw new Error(`The app could not be synthesized (exit ${code}):\n${output.trim()}`);
}

/** A run that was killed left its folder behind: its process id is in the name. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = OUR_FOLDER.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) {
      continue;
    }
    await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is a process.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
