import { describe, expect, it } from 'vitest';
import { compileRules } from '../../../shared/domain/ownership/compile.ts';
import { evaluateEvent } from '../../../shared/operations/ownership/evaluate-event.ts';
import { createTable } from '../../../shared/stores/table.ts';
import { wireStores } from '../../../shared/wiring.ts';
import { countingClient, inSequence } from '../../bench/measure/counting-client.ts';
import { parsed } from '../../domain/ownership/builders.ts';
import { eventIn, ownersDeps, ownersWorld, record, seen } from '../../support/owners.ts';
import { smallWorld } from '../../support/world.ts';

const TEAM_COUNT = 88;

/** The small world, with 88 teams on the project shop; bob is in the last of them only. */
async function crowdedWorld(raw: string) {
  const teams = Array.from({ length: TEAM_COUNT }, (_, at) => ({
    id: String(1000 + at),
    organization: 'acme',
    slug: `team-${at}`,
    name: `Team ${at}`,
    members: [{ user: at === TEAM_COUNT - 1 ? '12' : '11', isActive: true }],
  }));
  const [shop, ...projects] = smallWorld.projects;
  if (shop === undefined) {
    throw new Error('The small world has projects.');
  }
  const world = await ownersWorld({
    teams: [...smallWorld.teams, ...teams],
    projects: [{ ...shop, teams: teams.map(({ slug }) => slug) }, ...projects],
    ownership: [{ project: '31', raw }],
  });
  const counting = countingClient(world.endpoint);
  const stores = wireStores(createTable({ client: counting.client, name: world.table }));
  return { ...world, counting, deps: ownersDeps(stores) };
}

const crowd = Array.from({ length: 20 }, (_, at) => `path:app/* nobody-${at}@acme.io`).join('\n');

describe('rules that name people, in a project with 88 teams', () => {
  it.each([
    ['a person', 'path:app/* bob@acme.io', ['Query', 'Query']],
    [
      'a person, a team, and people of rules that do not match',
      'path:lib/* alice@acme.io\npath:app/* #team-3 bob@acme.io',
      ['BatchGetItem', 'Query', 'Query'],
    ],
    ['teams alone', 'path:app/* #team-3 #core', ['BatchGetItem']],
    ['nobody that the event could belong to', 'path:lib/* bob@acme.io', []],
    ['twenty people whom nobody knows', crowd, Array.from({ length: 20 }, () => 'Query')],
  ])('cost an evaluation two round trips at most: %s', async (_, raw, commands) => {
    const { deps, shop, counting, stores } = await crowdedWorld(raw);
    const project = await stores.projects.withTeams(shop);
    if (project === undefined) {
      throw new Error('shop is there.');
    }
    const rules = {
      settings: { autoAssignment: true, suspectCommitterAutoAssignment: false },
      rules: compileRules(parsed(raw)),
      codeowners: compileRules([]),
    };
    counting.take();
    await evaluateEvent(deps, project, rules, { event: eventIn('app/cart.py'), platform: null });
    const calls = counting.take();
    expect(inSequence(calls)).toBeLessThanOrEqual(2);
    expect(calls.map(({ command }) => command).sort()).toEqual(commands);
  });

  it('cost a newly seen issue two calls more than rules that match nothing', async () => {
    const callsFor = async (raw: string) => {
      const { deps, issue, counting, stores } = await crowdedWorld(raw);
      await record(deps, seen({ groupId: issue, event: eventIn('lib/x.py') }));
      counting.take();
      await record(deps, seen({ fingerprint: 'new', event: eventIn('app/cart.py') }));
      const calls = counting.take().filter(({ command }) => /Query|Get/.test(command));
      const [group] = await stores.seenGroups
        .ofFingerprints(`31${issue.slice(3)}`, ['new'])
        .then((found) => [...found.values()]);
      const assignment = await stores.assignments.ofGroup(group ?? '');
      return { calls: calls.length, assignee: assignment?.assignee?.id };
    };
    const without = await callsFor('path:nowhere/* bob@acme.io');
    const withPeople = await callsFor('path:app/* bob@acme.io');
    expect([without.assignee, withPeople.assignee]).toEqual([undefined, '12']);
    // Two for the names; auto-assignment then reads whom it assigns, which it does for a team as
    // well.
    const withTeam = await callsFor('path:app/* #team-3');
    expect(withPeople.calls - withTeam.calls).toBeLessThanOrEqual(1);
    expect(withPeople.calls - without.calls).toBeLessThan(10);
  });
});
