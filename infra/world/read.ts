import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parseForeignJson } from '../../shared/domain/json.ts';
import type { Problem } from './is-there.ts';
import { problemsBetween } from './references.ts';
import { type World, worldSchema } from './schema.ts';

const PROBLEMS_SHOWN = 20;

/** Reads and checks the world in a file. */
export async function readWorld(file: string): Promise<World> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`The world ${file} cannot be read: ${(error as Error).message}`);
  }
  let value: unknown;
  try {
    value = parseForeignJson(content);
  } catch (error) {
    throw new Error(`The world ${file} is not JSON: ${(error as Error).message}`);
  }
  return parseWorld(value, file);
}

/**
 * Checks a world: its keys, each entry, and the references between entries. `name` names it in
 * errors.
 */
export function parseWorld(value: unknown, name = 'given'): World {
  const parsed = v.safeParse(worldSchema, value);
  const problems = parsed.success
    ? problemsBetween(parsed.output)
    : parsed.issues.map((issue) => ({ where: pathOf(issue.path), what: issue.message }));
  const lines = linesOf([...problems]);
  if (parsed.success && lines.length === 0) {
    return parsed.output;
  }
  throw new Error([`The world ${name} cannot be loaded:`, ...lines].join('\n  '));
}

function linesOf(problems: readonly Problem[]): string[] {
  const lines = problems
    .slice(0, PROBLEMS_SHOWN)
    .map(({ where, what }) => (where === '' ? what : `${where}: ${what}`));
  const left = problems.length - lines.length;
  return left === 0 ? lines : [...lines, `and ${left} more`];
}

/** `groups[2].project`, as a person would write it. */
function pathOf(path: v.BaseIssue<unknown>['path']): string {
  return (path ?? [])
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
