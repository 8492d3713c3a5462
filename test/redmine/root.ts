import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);

const cache = join(tmpdir(), 'baton-redmine-root');
const root = join(cache, 'root');
/** Written last: a root without it was left half installed. */
const complete = join(cache, 'complete');

/** Does something and says how long it took. */
export async function timed<T>(what: string, act: () => Promise<T>): Promise<T> {
  const startedAtMs = performance.now();
  const result = await act();
  const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
  process.stdout.write(`[redmine] ${what}: ${seconds} s\n`);
  return result;
}

/**
 * Gives the folder of a Debian that has Redmine; kept between runs, as installing it takes about a
 * minute.
 */
export async function redmineRoot(): Promise<string> {
  if (existsSync(complete)) {
    return root;
  }
  if (process.getuid?.() !== 0) {
    throw new Error('Redmine is installed in a root of its own, as root.');
  }
  // An installation that was killed leaves the machine's own file systems mounted inside.
  await run('rm', ['-rf', '--one-file-system', cache]);
  mkdirSync(cache, { recursive: true });
  await timed('mmdebstrap is there', installMmdebstrap);
  await timed('Redmine is installed', installRedmine);
  writeFileSync(complete, '');
  return root;
}

async function installMmdebstrap(): Promise<void> {
  if (await run('mmdebstrap', ['--version']).then(Boolean, () => false)) {
    return;
  }
  await run('apt-get', ['update', '-qq']);
  await run('apt-get', ['install', '-y', '-qq', 'mmdebstrap']);
}

/**
 * Of `main` alone: with the security updates' Ruby beside it the packages once did not fit
 * together.
 */
async function installRedmine(): Promise<void> {
  const packages = ['redmine', 'redmine-sqlite', 'puma'];
  await run(
    'mmdebstrap',
    [
      '--mode=root',
      '--variant=apt',
      `--include=${packages.join(',')}`,
      'bookworm',
      root,
      `deb ${debianMirror()} bookworm main`,
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
}

/**
 * The mirror that this machine takes Debian from: the first that has releases rather than security
 * updates.
 */
function debianMirror(): string {
  const sources = globSync('/etc/apt/{sources.list,sources.list.d/*.{list,sources}}')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const mirror = [
    ...sources.matchAll(/^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(\S+\/debian\/?)(?=\s|$)/gm),
  ];
  const [, address] = mirror[0] ?? [];
  if (address === undefined) {
    throw new Error('No source of apt on this machine is a Debian mirror.');
  }
  return address;
}
