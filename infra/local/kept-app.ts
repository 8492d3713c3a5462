import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isUpToDate, stampOf } from '../build-stamp.ts';

/** The folders of sources that an app is made from. */
const SOURCE_FOLDERS = ['functions', 'infra', 'shared'];
/** What decides an app beside them. */
const MADE_BY = ['package.json', 'node_modules/.package-lock.json'];
const KEPT_APPS = '.baton/apps';

/**
 * The app that was last synthesized for a context, below the root. Synthesizing it again takes 2 s
 * of CPU; while its sources are as they were, a copy of it is the same.
 */
export function keptApp(root: string, context: Readonly<Record<string, unknown>>) {
  const name = createHash('sha256').update(JSON.stringify(context)).digest('hex').slice(0, 16);
  const folder = join(root, KEPT_APPS, name);
  const stamp = join(KEPT_APPS, `${name}.json`);
  const sources = filesBelow(root, SOURCE_FOLDERS);
  // A new file may be one that another imports, and the names of all are compared for that.
  const about = [JSON.stringify(context), process.version, ...sources];
  const isCurrent = () => isUpToDate(root, stamp, about);

  const replace = async (app: string, copy: string, startedMs: number): Promise<void> => {
    await mkdir(dirname(folder), { recursive: true });
    await cp(app, copy, { recursive: true });
    await rm(join(root, stamp), { force: true });
    await rm(folder, { recursive: true, force: true });
    await rename(copy, folder);
    const inputs = [...sources, ...MADE_BY].filter((path) => existsSync(join(root, path)));
    const outputs = filesBelow(root, [join(KEPT_APPS, name)]);
    const made = stampOf(root, { about, inputs, outputs, startedMs });
    if (made !== null) {
      await writeFile(`${join(root, stamp)}.${process.pid}`, JSON.stringify(made));
      await rename(`${join(root, stamp)}.${process.pid}`, join(root, stamp));
    }
  };

  return {
    /** Copies the app into an empty folder; returns false where there is none that is current. */
    async copyTo(target: string): Promise<boolean> {
      if (!isCurrent()) {
        return false;
      }
      const isCopied = await cp(folder, target, { recursive: true }).then(
        () => true,
        () => false,
      );
      // Another process may have replaced the app meanwhile: the stamp goes first and comes last.
      return isCopied && isCurrent();
    },
    /**
     * Keeps a copy of an app whose synthesis began then, in milliseconds since 1970. Where that
     * fails, as where another process replaces the same one now, the next start makes it again.
     */
    async keep(app: string, startedMs: number): Promise<void> {
      const copy = `${folder}.${process.pid}`;
      try {
        await replace(app, copy, startedMs);
      } catch {
        await rm(copy, { recursive: true, force: true });
      }
    },
  };
}

/** The files in some folders below the root, by their paths from there, in order. */
function filesBelow(root: string, folders: readonly string[]): string[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}
