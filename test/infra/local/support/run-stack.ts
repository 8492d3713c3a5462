/**
 * A stack in a process of its own, which a test may kill: `node run-stack.ts ASSEMBLY DB`. Prints
 * where it is.
 */
import { startStack } from '../../../../infra/local/stack.ts';

const [assembly, db] = process.argv.slice(2);
if (!assembly || !db) {
  throw new Error('An assembly and a file are needed.');
}
const stack = await startStack({ assembly, db, world: false, cacheEngine: 'wasm' });
process.stdout.write(`${JSON.stringify(stack)}\n`);
