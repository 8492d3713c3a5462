import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatActor } from '../../../shared/domain/actor.ts';
import { keepForRules } from '../../../shared/domain/ownership/keep-for-rules.ts';
import {
  explainEvent,
  explainEventOfIssue,
  explainIssue,
} from '../../../shared/operations/ownership/explain-ownership.ts';
import { appIsCores, eventIn, ownersWorld, record, seen } from '../../support/owners.ts';

type World = Awaited<ReturnType<typeof ownersWorld>>;

const files = ['app/cart.py', 'app/pay.py', 'lib/db.py', 'src/a.css'];
const file = fc.constantFrom(...files);
const owners = fc.constantFrom(
  '#core',
  'bob@acme.io',
  'alice@acme.io bob@acme.io',
  '#gone',
  'x@y.z',
);
const rule = fc
  .tuple(fc.constantFrom('path:app/*', 'path:lib/*', 'path:*', '*.css', 'url:*pay*'), owners)
  .map(([pattern, names]) => `${pattern} ${names}`);
const line = fc
  .tuple(
    fc.constantFrom('/app/', '*.css', '/lib/db.py', '*'),
    fc.constantFrom('', 'bob@acme.io', 'alice@acme.io'),
  )
  .map(([pattern, names]) => `${pattern} ${names}`);

/** A state in which an issue may be when an event comes. */
const situation = fc.record({
  rules: fc.array(rule, { maxLength: 4 }),
  lines: fc.array(line, { maxLength: 3 }),
  autoAssignment: fc.constantFrom(
    'Auto Assign to Issue Owner' as const,
    'Auto Assign to Suspect Commits' as const,
    'Turn off Auto-Assignment' as const,
  ),
  assignedTo: fc.option(fc.constantFrom('user:12', 'team:21'), { freq: 3 }),
  storedOwner: fc.boolean(),
  commit: fc.option(fc.constantFrom('alice@acme.io', 'carol@acme.io')),
  seenBefore: fc.boolean(),
  frames: fc.array(file, { maxLength: 4 }),
  path: fc.constantFrom('/pay', '/cart'),
});

type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

async function worldIn(given: Situation): Promise<World> {
  const { assignedTo, autoAssignment, lines, rules } = given;
  return ownersWorld({
    ownership: [{ project: '31', raw: rules.join('\n'), autoAssignment }],
    codeowners: lines.length === 0 ? [] : [{ project: '31', raw: lines.join('\n') }],
    assignments: assignedTo === null ? [] : [{ group: '101', assignedTo }],
    owners: given.storedOwner
      ? [{ group: '101', type: 'ownershipRule', owner: 'user:11', rule: 'path:old alice@acme.io' }]
      : [],
  });
}

const withoutTimes = (
  list: readonly { type: string; rule: string | null; owner: string | null }[],
) => list.map(({ type, rule: text, owner }) => `${type} ${owner} ${text}`).sort();

async function stateOf({ stores, issue }: World) {
  const [assignment, suggested] = await Promise.all([
    stores.assignments.ofGroup(issue),
    stores.owners.ofGroup(issue),
  ]);
  const assignee = assignment?.assignee ?? null;
  return { assignee: assignee && formatActor(assignee), owners: withoutTimes(suggested) };
}

it('an explanation and what then happens never differ', async () => {
  await fc.assert(
    fc.asyncProperty(situation, async (given) => {
      const world = await worldIn(given);
      const { deps, issue, shop } = world;
      if (given.seenBefore) {
        await record(deps, seen({ groupId: issue, event: eventIn('lib/x.py') }));
      }
      const [organization, project] = await Promise.all([
        deps.organizations.byId('1'),
        deps.projects.withTeams(shop),
      ]);
      if (!organization || !project) {
        throw new Error('The world is not there.');
      }
      const event = { ...eventIn(...given.frames), request: { url: `https://x${given.path}` } };
      const commits = given.commit === null ? [] : [{ id: 'c', authorEmail: given.commit }];
      const before = await stateOf(world);
      const explained = { event, platform: null, commits };
      const told = await explainEventOfIssue(deps, { organization, project }, issue, explained);
      expect(await stateOf(world)).toEqual(before);

      await record(deps, seen({ groupId: issue, event, commit: commits[0] }));
      const after = await stateOf(world);
      const assignee =
        told.verdict?.verdict === 'assign' && before.assignee === null
          ? formatActor(told.verdict.actor)
          : before.assignee;
      expect(after.assignee).toBe(assignee);
      expect(after.owners).toEqual(
        withoutTimes(
          told.owners.map((one) => ({ ...one, owner: one.actor && formatActor(one.actor) })),
        ),
      );
      const stopped = told.gates.find((gate) => gate.stopped)?.gate;
      const metrics = { assignee: 'assignee_exists', debounce: 'debounce' } as Record<
        string,
        string
      >;
      const metric = stopped === undefined ? undefined : metrics[stopped];
      if (metric !== undefined) {
        expect(world.telemetry.counts.map(({ name }) => name)).toContain(
          `post_process.handle_owner_assignment.${metric}`,
        );
      }
    }),
    { numRuns: 60 },
  );
});

describe('explaining', () => {
  it('an issue tells of the event that its owners were last evaluated on', async () => {
    const world = await ownersWorld();
    const { deps, issue } = world;
    await record(deps, seen({ groupId: issue }));
    const told = await explainIssue(deps, { groupId: issue, organizationId: '1' });
    expect(told.evaluation.rules).toEqual([
      {
        rule: 'path:app/* #core',
        source: 'ownership_rule',
        frameIndex: 0,
        excluded: false,
        owners: [{ type: 'team', identifier: 'core', actor: { type: 'team', id: '21' } }],
        rank: 1,
      },
    ]);
    expect(told.frames[0]).toEqual({ filename: 'app/cart.py', module: null });
    expect(told.evaluation.winner?.actor).toEqual({ type: 'team', id: '21' });
    expect(told.assignment?.assignee).toEqual({ type: 'team', id: '21' });
    expect(told.gates.map(({ gate, stopped }) => [gate, stopped])).toEqual([
      ['assignee', false],
      ['debounce', true],
      ['rateLimit', false],
      ['killSwitch', false],
      ['setting', false],
      ['manual', false],
    ]);
  });

  it('an issue that no event came for tells of the owners it has', async () => {
    const { deps, issue } = await ownersWorld({
      owners: [
        { group: '101', type: 'ownershipRule', owner: 'user:11', rule: 'path:x alice@acme.io' },
      ],
    });
    const told = await explainIssue(deps, { groupId: issue, organizationId: '1' });
    expect(told.evaluation).toMatchObject({ rules: [], winner: null });
    expect(told.owners).toMatchObject([{ type: 'ownershipRule', actor: { id: '11' } }]);
  });

  it('an issue of another organization is not there', async () => {
    const { deps } = await ownersWorld();
    await expect(explainIssue(deps, { groupId: '901', organizationId: '1' })).rejects.toMatchObject(
      { code: 'resource.not_found' },
    );
  });

  it('an event leaves out the gates that need an issue, and says whom it would go to', async () => {
    const { deps } = await ownersWorld({
      ownership: [{ ...appIsCores, autoAssignment: 'Auto Assign to Suspect Commits' }],
    });
    const told = await explainEvent(deps, {
      organizationId: '1',
      project: 'shop',
      event: eventIn('app/cart.py'),
      platform: 'python',
      commits: [{ id: null, authorEmail: 'bob@acme.io' }],
    });
    expect(told.gates.map(({ gate }) => gate)).toEqual(['killSwitch', 'setting']);
    expect(told.verdict).toMatchObject({ verdict: 'assign', actor: { type: 'user', id: '12' } });
    expect(told.owners.map(({ type }) => type)).toEqual(['suspectCommit', 'ownershipRule']);
  });

  it('an event of any shape tells something', async () => {
    const { deps } = await ownersWorld();
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (event) => {
        const input = { organizationId: '1', project: 'shop', platform: null, commits: [] };
        const told = await explainEvent(deps, { ...input, event });
        expect(told.owners).toEqual([]);
        expect(keepForRules(event)).not.toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });
});
