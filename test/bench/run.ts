import { startCache } from '../../infra/local/driver/engines/cache.ts';
import { startTable } from '../../infra/local/driver/engines/table.ts';
import { runAssignmentBench } from './assignment.ts';
import type { Engines } from './bench-world.ts';
import { runBulkBench } from './bulk.ts';
import { runCascadeBench } from './cascade.ts';
import { runColdStartBench } from './cold-start.ts';
import { runIdsBench } from './ids.ts';
import { runListsBench } from './lists.ts';
import { runOwnershipBench } from './ownership.ts';

/**
 * `npm run bench [-- NAME...]`: what Baton costs, as counts and as ratios within one run. Times on
 * this machine say little about another one; counts and ratios do.
 */
const print = (line: string) => void process.stdout.write(`${line}\n`);

const benches: Record<string, (engines: Engines) => unknown> = {
  assignment: (engines) => runAssignmentBench(print, engines),
  bulk: (engines) => runBulkBench(print, engines),
  cascade: (engines) => runCascadeBench(print, engines),
  'cold-start': () => runColdStartBench(print),
  ids: (engines) => runIdsBench(print, engines),
  lists: (engines) => runListsBench(print, engines),
  ownership: () => runOwnershipBench(print),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  print(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}

const [table, cache] = await Promise.all([startTable({}), startCache()]);
try {
  const engines = { endpoint: table.endpoint, cache: { host: cache.host, port: cache.port } };
  for (const [name, run] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) {
      continue;
    }
    print(`\n## ${name}`);
    await run(engines);
  }
} finally {
  await Promise.all([table.stop(), cache.stop()]);
}
