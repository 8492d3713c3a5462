import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../', import.meta.url));

describe('the documents', () => {
  const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...markdownBelow('docs')];
  const files = repositoryFiles();

  /** Paths of files in backquotes: `shared/config.ts`, or their end, such as `config.ts`. */
  const named = documents.flatMap((document) => {
    const text = readFileSync(join(repository, document), 'utf8');
    return [...text.matchAll(/`([\w./-]+\.(?:ts|md|cjs|mjs|grit))`/g)].map(([, path = '']) => ({
      document,
      path: path.replace(/^\.\//, ''),
    }));
  });

  it('name only files that exist', () => {
    expect(named.length).toBeGreaterThan(50);
    const missing = named.filter(
      ({ path }) => !files.some((file) => file === path || file.endsWith(`/${path}`)),
    );
    expect(missing).toEqual([]);
  });
});

function markdownBelow(folder: string): string[] {
  return readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `${folder}/${path.split(sep).join('/')}`);
}

/** Every file of the repository's folders, and those beside them. */
function repositoryFiles(): string[] {
  return readdirSync(repository, { withFileTypes: true })
    .filter(({ name }) => !['node_modules', '.git', 'cdk.out', '.local'].includes(name))
    .flatMap((entry) =>
      entry.isDirectory()
        ? readdirSync(join(repository, entry.name), { recursive: true, encoding: 'utf8' }).map(
            (path) => `${entry.name}/${path.split(sep).join('/')}`,
          )
        : [entry.name],
    );
}
