import { watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFunctions } from '../build.ts';
import { FUNCTION_NAMES } from '../functions.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
/**
 * The delay after a change: an editor or a checkout writes several files, which one build covers.
 */
const QUIET_MS = 150;

type WatchOptions = {
  /** The folder of `functions/` and `shared/`; by default that of the project. */
  readonly root?: string;
  /** The names of the functions; by default all. */
  readonly names?: readonly string[];
  /** Makes a function use the bundle in this folder. */
  readonly reload: (name: string, folder: string) => void;
  readonly log: (line: string) => void;
};

/**
 * Watches the sources of the functions. After a change they are bundled, and functions with other
 * code are reloaded. If the build fails, the error is logged and the functions run on.
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
