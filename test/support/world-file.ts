import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorldInput } from '../../infra/world/schema.ts';

const demo = fileURLToPath(new URL('../../infra/world/worlds/acme.json', import.meta.url));

/** The demo world as a file for one stack, with these nouns in the place of its own. */
export function worldFile(overrides: Partial<WorldInput> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'baton-world-'));
  const path = join(folder, 'world.json');
  const world = JSON.parse(readFileSync(demo, 'utf8')) as WorldInput;
  writeFileSync(path, JSON.stringify({ ...world, ...overrides }));
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}
