import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The texts of all modules of the functions and of what they share. */
export function productTexts(): string[] {
  return ['shared', 'functions'].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
  );
}

/**
 * The names under which the product counts what happens: text in the first argument of
 * `count(...)`, and in tables of names.
 */
export function countedNames(): Set<string> {
  return new Set(
    productTexts().flatMap((text) =>
      [...text.matchAll(/'([a-z_]+(?:\.[a-z_]+)+)'/g)].map(([, name]) => name ?? ''),
    ),
  );
}
