import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { startCache } from '../../infra/local/driver/engines/cache.ts';
import { startTable } from '../../infra/local/driver/engines/table.ts';
import { runAssignmentBench } from './assignment.ts';
import { runBulkBench } from './bulk.ts';
import { runBulkKindsBench } from './bulk-kinds.ts';
import { runCacheBench } from './cache.ts';
import { runCascadeBench } from './cascade.ts';
import { runColdStartBench } from './cold-start.ts';
import { runEventsBench } from './events.ts';
import { runIdsBench } from './ids.ts';
import { runListsBench } from './lists.ts';
import type { Engines } from './measure/bench-world.ts';
import { runOwnershipBench } from './ownership.ts';
import { BENCH_NAMES, type BenchName } from './page/bench-names.ts';
import { performancePage, type Sections, sectionsOf } from './page/performance-page.ts';
import { createReport, type Report } from './page/report.ts';
import { runPlansBench } from './plans.ts';
import { runReconcileBench } from './reconcile.ts';
import { runRequestBench } from './request.ts';
import { runSdkEventsBench } from './sdk-events.ts';
import { runStackBench } from './stack.ts';
import { runSyncBench } from './sync.ts';
import { runTeamDeletionBench } from './team-deletion.ts';
import { runUpdatesBench } from './updates.ts';
import { runWebhooksBench } from './webhooks.ts';

/**
 * `npm run bench [-- --write] [-- NAME...]`: what Baton costs, as counts and as ratios within one
 * run. Times on this machine say little about another one; counts and ratios do. `--write` keeps
 * them in docs/performance.md, those of the benches that were run.
 */
const print = (line: string) => void process.stdout.write(`${line}\n`);

const benches: Record<BenchName, (report: Report, engines: Engines) => unknown> = {
  assignment: (report, engines) => runAssignmentBench(report.line, engines),
  updates: runUpdatesBench,
  request: runRequestBench,
  bulk: runBulkBench,
  'bulk-kinds': runBulkKindsBench,
  events: runEventsBench,
  'sdk-events': runSdkEventsBench,
  sync: runSyncBench,
  webhooks: runWebhooksBench,
  cascade: runCascadeBench,
  'team-deletion': runTeamDeletionBench,
  reconcile: runReconcileBench,
  plans: runPlansBench,
  lists: (report, engines) => runListsBench(report.line, engines),
  ids: runIdsBench,
  cache: runCacheBench,
  ownership: runOwnershipBench,
  'cold-start': runColdStartBench,
  stack: runStackBench,
};

const page = new URL('../../docs/performance.md', import.meta.url);
const asked = process.argv.slice(2);
const isKept = asked.includes('--write');
const names = asked.filter((argument) => argument !== '--write');
const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  print(`There is no bench ${unknown.join(', ')}; there are ${BENCH_NAMES.join(', ')}.`);
  process.exit(2);
}

const [table, cache] = await Promise.all([startTable({}), startCache()]);
try {
  const engines = { endpoint: table.endpoint, cache: { host: cache.host, port: cache.port } };
  for (const name of BENCH_NAMES.filter((known) => names.length === 0 || names.includes(known))) {
    print(`\n## ${name}`);
    const report = createReport(print);
    await benches[name](report, engines);
    if (isKept) {
      keep({ [name]: report.markdown() });
    }
  }
} finally {
  await Promise.all([table.stop(), cache.stop()]);
}

/** Writes what was measured into the page, beside what it holds of others. */
function keep(sections: Sections): void {
  const before = existsSync(page) ? sectionsOf(readFileSync(page, 'utf8')) : {};
  writeFileSync(page, performancePage({ ...before, ...sections }));
}
