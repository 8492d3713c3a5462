/** `npm run openapi`: writes docs/openapi.json, with what a local stack answers to its examples. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startStack } from '../local/stack.ts';
import { apiDocument } from './document.ts';
import { exampleWorld } from './example-world.ts';
import { expectedStatus, type Recorded } from './examples.ts';
import { playExamples } from './play.ts';
import { recordedIn, recordedOf } from './recorded.ts';

const FILE = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));

const recorded = await recordExamples(
  existsSync(FILE) ? recordedIn(JSON.parse(readFileSync(FILE, 'utf8'))) : {},
);
writeFileSync(FILE, `${JSON.stringify(apiDocument(recorded), null, 1)}\n`);
process.stdout.write('Wrote docs/openapi.json.\n');
process.exit(0);

async function recordExamples(before: Recorded): Promise<Recorded> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-examples-'));
  const world = join(folder, 'world.json');
  writeFileSync(world, JSON.stringify(exampleWorld()));
  const stack = await startStack({ world, log: () => {} });
  try {
    const played = await playExamples(stack.url);
    const wrong = played.filter(({ operation, status }) => status !== expectedStatus(operation));
    if (wrong.length > 0) {
      const lines = wrong.map(
        ({ operation, status, body }) =>
          `${operation}: ${status} instead of ${expectedStatus(operation)}, ${JSON.stringify(body)}`,
      );
      throw new Error(`These examples are not answered as documented:\n${lines.join('\n')}`);
    }
    return recordedOf(played, stack.url, before);
  } finally {
    await stack.stop();
    rmSync(folder, { recursive: true });
  }
}
