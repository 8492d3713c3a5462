import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { expectOneStory, readGroupState } from '../../support/consistency.ts';
import type { Death } from '../../support/crash/death.ts';
import { everyDeath } from '../../support/crash/every-death.ts';
import { assignedTo, updateDeps } from '../../support/operations.ts';
import { copiesOf, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const source = fileURLToPath(new URL('../../support/crash/crash-child.ts', import.meta.url));
let child: string;

/** As one file it starts with a quarter of the CPU time. */
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-crash-child-'));
  child = join(folder, 'child.mjs');
  await build({
    entryPoints: [source],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return () => rmSync(folder, { recursive: true });
});

const groupIds = ['101', '102'];
const membersOf = (actor: string) => (actor === 'team:21' ? ['user:11', 'user:12'] : [actor]);

type Order = { readonly death: Death; readonly assignedTo: string | null };

/** Runs one update in a process that dies there; answers whether it lived to the end. */
function runChild(world: TestWorld, order: Order): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const input = { endpoint: world.endpoint, table: world.table, groupIds, ...order };
    const running = spawn(process.execPath, [child, JSON.stringify(input)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    running.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    running.on('error', reject);
    running.on('close', (code, signal) => {
      if (signal === 'SIGKILL') {
        resolve(false);
      } else if (code === 0) {
        resolve(printed === 'done');
      } else {
        reject(new Error(`The child ended with ${code}.`));
      }
    });
  });
}

function runHere(world: TestWorld, target: string | null) {
  return updateGroups(updateDeps(world.stores), {
    organizationId: '1',
    groupIds,
    projects: null,
    update: assignedTo(target),
    initiator: { actingUserId: '11', requestId: 'whole' },
  });
}

async function expectOneStoryEach(world: TestWorld) {
  const states = await Promise.all(
    groupIds.map((groupId) => readGroupState(world.stores.table, groupId)),
  );
  for (const state of states) {
    expectOneStory(state, membersOf);
  }
  return states;
}

it.each<[string, string | null, string | null]>([
  ['first assigns', null, 'team:21'],
  ['reassigns', 'team:21', 'user:12'],
  ['unassigns', 'user:12', null],
])(
  'a process that dies at any write of one that %s leaves one story, and another try completes it',
  async (_, before, after) => {
    const original = await worldOnFreshTable();
    if (before !== null) {
      await runHere(original, before);
    }
    const copy = await copiesOf(original);
    const deaths = await everyDeath(async (death) => {
      const world = await copy();
      const survived = await runChild(world, { death, assignedTo: after });
      await expectOneStoryEach(world);

      await runHere(world, after);
      for (const { assignment } of await expectOneStoryEach(world)) {
        expect(assignment?.assignee).toBe(after);
        expect(assignment?.version).toBe(before === null ? 1 : 2);
      }
      return survived;
    });
    expect(deaths).toBeGreaterThan(3);
  },
);
