import { watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFunctions } from '../build.ts';
import { FUNCTION_NAMES } from '../functions.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
/**
 * An editor writes a file in several steps, and a checkout many files; one build serves them all.
 */
const QUIET_MS = 150;

type WatchOptions = {
  /** The folder that holds `functions/` and `shared/`; by default the project's. */
  readonly root?: string;
  /** The names of the functions; by default all. */
  readonly names?: readonly string[];
  /** Makes a function run the bundle in this folder. */
  readonly reload: (name: string, folder: string) => void;
  readonly log: (line: string) => void;
};

/**
 * Watches the sources of the functions: after a change they are bundled again, and each function
 * whose code is another one than before is reloaded. A build that fails is said, and what runs goes
 * on running.
 */
export function watchFunctions({
  root = REPOSITORY,
  names = FUNCTION_NAMES,
  reload,
  log,
}: WatchOptions): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let building = Promise.resolve();

  const rebuild = async () => {
    try {
      const { directory, changed } = await buildFunctions({ root, names });
      for (const name of changed) {
        reload(name, join(directory, name));
      }
      log(changed.length === 0 ? 'Nothing to reload.' : `Reloaded ${changed.join(', ')}.`);
    } catch (error) {
      log(`Not reloaded: ${(error as Error).message}`);
    }
  };
  const onChange = (_: string, file: string | null) => {
    if (file !== null && !file.endsWith('.ts')) {
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      building = building.then(rebuild);
    }, QUIET_MS);
  };
  const watchers = ['functions', 'shared'].map((folder) =>
    watch(join(root, folder), { recursive: true }, onChange),
  );

  return {
    async stop() {
      clearTimeout(timer);
      for (const watcher of watchers) {
        watcher.close();
      }
      await building;
    },
  };
}
