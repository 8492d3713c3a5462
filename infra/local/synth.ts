import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keptApp } from './kept-app.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER_PREFIX = 'baton-app-';
const OUR_FOLDER = new RegExp(`^${FOLDER_PREFIX}(\\d+)-`);

/** The name of the local stage. */
const LOCAL_STAGE = 'local';

/** A synthesized app in its own folder. */
export type Synthesis = { readonly folder: string; remove(): Promise<void> };

type SynthOptions = {
  readonly rateLimits: boolean;
  /** Origins whose pages may call the API, separated by commas. */
  readonly allowedOrigins?: string | undefined;
  /** Whether functions that use the cache are in a VPC, as in staging and prod. */
  readonly vpc?: boolean;
};

/**
 * Synthesizes the CDK app with its bundles, like the toolkit, into a folder for this run. Where no
 * source has changed since the last time, the result of that is copied.
 *
 * @throws Error with the output of the app when it fails
 */
export async function synthesize({
  rateLimits,
  allowedOrigins,
  vpc = false,
}: SynthOptions): Promise<Synthesis> {
  await removeLeftovers();
  const folder = await mkdtemp(join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  const context = {
    stage: LOCAL_STAGE,
    ...(!rateLimits && { rateLimits: 'off' }),
    ...(allowedOrigins !== undefined && { allowedOrigins }),
    ...(vpc && { vpc: 'on' }),
    'aws:cdk:enable-path-metadata': true,
    'aws:cdk:enable-asset-metadata': true,
    'aws:cdk:version-reporting': false,
  };
  const remove = () => rm(folder, { recursive: true, force: true });
  const kept = keptApp(REPOSITORY, context);
  if (await kept.copyTo(folder)) {
    return { folder, remove };
  }
  const startedMs = Date.now();
  const app = spawn(process.execPath, ['infra/app.ts'], {
    cwd: REPOSITORY,
    env: {
      ...process.env,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      // The validation of the template takes 1.7 s; the tests do it.
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
  const [code] = await once(app, 'close');
  if (code === 0) {
    await kept.keep(folder, startedMs);
    return { folder, remove };
  }
  await remove();
  throw new Error(`The app could not be synthesized (exit ${code}):\n${output.trim()}`);
}

/** Removes folders of runs that were killed: the name has the id of the process. */
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
    // EPERM: the process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
