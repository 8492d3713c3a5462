import type { WorldInput } from '../../infra/world/schema.ts';
import { requestReconciliation } from '../../shared/operations/bulk/accept-operation.ts';
import { workOnOperation } from '../../shared/operations/bulk/work-on-operation.ts';
import { previewRules } from '../../shared/operations/ownership/preview-rules.ts';
import { surroundings, withStoredRules } from '../support/operations.ts';
import { eventIn } from '../support/owners.ts';
import { smallWorld } from '../support/world.ts';
import { benchWorld, type Engines } from './measure/bench-world.ts';
import { createMeter, type Meter } from './measure/meter.ts';
import { timed } from './measure/timed.ts';
import { atMost, type Cell, type Report } from './page/report.ts';

type Scenario = {
  readonly name: string;
  readonly issues: number;
  readonly rules: number;
  /** How much text each event has beside what rules look at. */
  readonly eventKb: number;
};

const scenarios: readonly Scenario[] = [
  { name: '1,000 issues', issues: 1_000, rules: 10, eventKb: 0 },
  { name: '10,000 issues', issues: 10_000, rules: 10, eventKb: 0 },
  { name: '1,000 issues, 10,000 rules', issues: 1_000, rules: 10_000, eventKb: 0 },
  { name: '200 issues, 10,000 rules, 300 KB events', issues: 200, rules: 10_000, eventKb: 300 },
];

/** The issues that a preview looks at, and the seconds that the gateway gives it. */
const PREVIEWED = 1_000;
const FUNCTION_SECONDS = 28;
const TEAMS = 200;
const CONCURRENT_ISSUES = 16;

/**
 * A preview of rules that would give every issue of a project with 200 teams to one of these, an
 * issue that it looks at, and the reconciliation that does it, an issue of it.
 */
export async function runReconcileBench(report: Report, engines: Engines): Promise<void> {
  const measured = [];
  for (const scenario of scenarios) {
    measured.push(await measure(engines, scenario));
  }
  report.table({
    columns: [
      'a preview',
      'issues looked at',
      'calls',
      'read units',
      { name: 'most memory in use, MB', isTime: true },
      { name: 'seconds', isTime: true },
    ],
    rows: measured.map(({ previewed }) => previewed),
  });
  report.table({
    columns: [
      'a reconciliation',
      'calls',
      'read units',
      'write units',
      { name: 'most memory in use, MB', isTime: true },
      { name: 'seconds', isTime: true },
    ],
    rows: measured.map(({ reconciled }) => reconciled),
  });
}

type Measured = { readonly previewed: readonly Cell[]; readonly reconciled: readonly Cell[] };

async function measure(engines: Engines, scenario: Scenario): Promise<Measured> {
  const { issues, rules, eventKb } = scenario;
  const world = await benchWorld(engines, { groups: issues, nouns: crowdedShop(rules) });
  await keepEvents(world, rules, eventKb);
  const meter = createMeter(world.counter);
  return {
    previewed: await preview(world, meter, scenario),
    reconciled: await reconcile(world, meter, scenario),
  };
}

type BenchWorld = Awaited<ReturnType<typeof benchWorld>>;

async function preview(
  { stores }: BenchWorld,
  meter: Meter,
  { name, issues }: Scenario,
): Promise<Cell[]> {
  const run = async (seenGroups: typeof stores.seenGroups) => {
    const deps = withStoredRules({ ...stores, seenGroups, ...surroundings() });
    const input = { organizationId: '1', project: 'shop', proposal: {} };
    const { checked, moved } = await previewRules(deps, input);
    return { checked, moved: moved.length };
  };
  // To look at the memory takes longer than a page of the preview: that is done in a second one.
  const evaluatedAmong: typeof stores.seenGroups.evaluatedAmong = async (groupIds) => {
    const events = await stores.seenGroups.evaluatedAmong(groupIds);
    meter.look();
    return events;
  };
  await run({ ...stores.seenGroups, evaluatedAmong });
  const { inUseMb } = meter.end();
  meter.begin();
  let looked = { checked: 0, moved: 0 };
  const { wallMs } = await timed(async () => {
    looked = await run(stores.seenGroups);
  });
  if (looked.checked !== Math.min(issues, PREVIEWED) || looked.moved !== looked.checked) {
    throw new Error(`${looked.moved} of ${looked.checked} issues would be given to somebody.`);
  }
  const { calls, reads } = meter.end();
  return [
    name,
    looked.checked,
    calls / looked.checked,
    reads / looked.checked,
    inUseMb,
    atMost(wallMs / 1_000, FUNCTION_SECONDS),
  ];
}

async function reconcile(
  { stores }: BenchWorld,
  meter: Meter,
  { name, issues }: Scenario,
): Promise<Cell[]> {
  const deps = withStoredRules({ ...stores, ...surroundings(), shareAmong: () => {} });
  const initiator = { actingUserId: '11', requestId: 'bench' };
  const request = { organizationId: '1', project: 'shop', dryRun: false, initiator };
  const { id: operationId } = await requestReconciliation(deps, request);
  meter.begin();
  const hasTime = () => {
    meter.look();
    return true;
  };
  const { wallMs } = await timed(() =>
    workOnOperation(deps, {
      ...{ operationId, fencingToken: 0, requestId: 'bench' },
      ...{ hasTime, isWithinSlice: () => true, pauseMs: 0 },
    }),
  );
  const { calls, reads, writes, inUseMb } = meter.end();
  const done = await stores.operations.byId(operationId, new Date().toISOString());
  if (done?.counts.applied !== issues) {
    throw new Error(`${done?.counts.applied} of ${issues} issues were given to somebody.`);
  }
  return [name, calls / issues, reads / issues, writes / issues, inUseMb, wallMs / 1_000];
}

/** The project shop with 200 teams, and so many lines of CODEOWNERS that name them. */
function crowdedShop(rules: number): Partial<WorldInput> {
  const teams = Array.from({ length: TEAMS }, (_, at) => ({
    ...{ id: String(5_000 + at), organization: 'acme', slug: `team-${at}`, name: `Team ${at}` },
    members: [{ user: '12', isActive: true }],
  }));
  const lines = Array.from({ length: rules }, (_, at) => `/lib/m${at}/ @acme/team-${at % TEAMS}`);
  return {
    teams: [...smallWorld.teams, ...teams],
    projects: smallWorld.projects.map((project) =>
      project.id === '31' ? { ...project, teams: teams.map(({ slug }) => slug) } : project,
    ),
    integrations: [
      {
        ...{ id: '501', organization: 'acme', provider: 'github', name: 'GitHub', config: {} },
        ...{ baseUrl: 'https://tracker.example.com', secretRef: 'none' },
      },
    ],
    externalActors: teams.map(({ id, slug }) => ({
      ...{ integration: '501', team: id, externalId: id, externalName: `@acme/${slug}` },
    })),
    codeowners: [{ project: '31', raw: lines.join('\n') }],
  };
}

/** Keeps an event of each issue; its error is in a file that one of the rules is about. */
async function keepEvents(
  { stores, groupIds }: BenchWorld,
  rules: number,
  eventKb: number,
): Promise<void> {
  for (let start = 0; start < groupIds.length; start += CONCURRENT_ISSUES) {
    const some = groupIds.slice(start, start + CONCURRENT_ISSUES).map((id, index) =>
      stores.seenGroups.keepEvaluated(
        { id, organizationId: '1', projectId: '31' },
        {
          eventId: `of-${id}`,
          timestamp: '2026-11-29T12:00:00.000Z',
          platform: 'python',
          event: {
            ...eventIn(`lib/m${(start + index) % rules}/cart.py`),
            message: 'x'.repeat(eventKb * 1_000),
          },
        },
      ),
    );
    await Promise.all(some);
  }
}
