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

  /** Functions with their files, in the order of the text: `assign` (`domain/assignment.ts`). */
  const architecture = readFileSync(join(repository, 'docs/architecture.md'), 'utf8');
  const walk = [...architecture.matchAll(/`(\w+)`\s+\(`([\w./-]+\.ts)`\)/g)].map(
    ([, name = '', path = '']) => ({ name, path }),
  );

  it('name functions where they are', () => {
    expect(walk.length).toBeGreaterThan(10);
    const missing = walk.filter(({ name, path }) => {
      const file = files.find((one) => one === path || one === `shared/${path}`);
      const text = file === undefined ? '' : readFileSync(join(repository, file), 'utf8');
      return !new RegExp(`^export (?:async )?(?:function|const) ${name}\\b`, 'm').test(text);
    });
    expect(missing).toEqual([]);
  });

  it('follow an assignment to its transaction, through no room twice', () => {
    const end = walk.findIndex(({ path }) => path === 'stores/transaction.ts');
    const rooms = walk.slice(0, end + 1).map(({ path }) => path.split('/')[0]);
    expect(rooms.filter((room, index) => room !== rooms[index - 1])).toEqual([
      'functions',
      'http',
      'operations',
      'domain',
      'stores',
    ]);
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
