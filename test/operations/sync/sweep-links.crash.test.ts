import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HANG_GUARD_MS } from '../../support/hang-guard.ts';
import { randomOf } from '../../support/random.ts';
import { type Shape, type Simulation, startSimulation } from '../../support/sync/simulation.ts';

const { seed } = randomOf('sync-convergence');
/** How many histories each property tries; SYNC_HISTORIES=600 looks longer. */
const histories = Number(process.env.SYNC_HISTORIES ?? 6);

/**
 * Two groups, two trackers, three links: two groups share a ticket that has room for many, or for
 * one.
 */
const shapes: Readonly<Record<string, Shape>> = {
  'two groups share a ticket with room for many': [
    ['101', 'a'],
    ['101', 'b'],
    ['102', 'a'],
  ],
  'two groups share a ticket with room for one': [
    ['101', 'a'],
    ['101', 'b'],
    ['102', 'b'],
  ],
};

const users = ['11', '12', '13', null];
const people = [[], ['p1'], ['p2'], ['p3'], ['p2', 'p3']];

type Move = (simulation: Simulation, index: number, choice: number) => Promise<void> | void;

const here: Move = (simulation, index, choice) =>
  simulation.assignHere(
    simulation.groups[index % simulation.groups.length]!,
    users[choice % users.length]!,
  );
const there: Move = (simulation, index, choice) =>
  void simulation.assignThere(index, people[choice % people.length]!);
const statusHere: Move = (simulation, index, choice) =>
  simulation.statusHere(
    simulation.groups[index % simulation.groups.length]!,
    choice % 2 === 0 ? 'resolved' : 'unresolved',
  );
const statusThere: Move = (simulation, index, choice) =>
  simulation.statusThere(index, choice % 2 === 0 ? 'closed' : 'open');
const relay: Move = (simulation, index) => simulation.relay(index);
const arrive: Move = (simulation, index) => simulation.arrive(index);
const begin: Move = (simulation, index) => simulation.begin(index);
const step: Move = (simulation, index) => simulation.step(index);
const dieBefore: Move = (simulation, index) => simulation.step(index, 'dieBefore');
const dieAfter: Move = (simulation, index) => simulation.step(index, 'dieAfter');
const stall: Move = (simulation, index) => simulation.stall(index);
const lose: Move = (simulation, index) => simulation.lose(index);
const double: Move = (simulation, index) => simulation.double(index);
const fail: Move = (simulation) => simulation.fail(1);

/** Ordinary life is far more frequent than trouble. */
const travel = [relay, relay, relay, arrive, arrive, begin, begin, begin];
const work = [step, step, step, step, step, step];
const trouble = [dieBefore, dieAfter, stall, lose, double, fail];
const around = [...travel, ...work, ...trouble];

type History = readonly (readonly [kind: number, index: number, choice: number])[];

const history: fc.Arbitrary<History> = fc.array(fc.tuple(fc.nat(99), fc.nat(7), fc.nat(19)), {
  minLength: 20,
  maxLength: 70,
});

/** Lets everything that is under way come to its end; far beyond what any calm run needs. */
async function drain(simulation: Simulation) {
  for (let steps = 0; simulation.pending() > 0; steps += 1) {
    if (steps > 1_000) {
      throw new Error('It never comes to rest: two sides keep overwriting each other.');
    }
    await simulation.relay(0);
    await simulation.arrive(0);
    await simulation.begin(0);
    await simulation.step(0);
  }
}

async function sweep(simulation: Simulation) {
  await simulation.sweep();
  await drain(simulation);
}

async function live(simulation: Simulation, moves: readonly Move[], chosen: History) {
  for (const [kind, index, choice] of chosen) {
    await moves[kind % moves.length]!(simulation, index, choice);
  }
}

/**
 * Holds that both sides agree after one sweep, and that from then on nobody writes anything any
 * more.
 */
async function expectPeace(simulation: Simulation) {
  simulation.recover();
  await drain(simulation);
  await sweep(simulation);
  expect(await simulation.disagreements()).toEqual([]);
  await sweep(simulation);
  const writes = simulation.writes();
  await sweep(simulation);
  expect(simulation.writes()).toBe(writes);
}

/** Tries so many histories. */
function holds(prove: (chosen: History) => Promise<void>) {
  return fc.assert(fc.asyncProperty(history, prove), { seed, numRuns: histories });
}

// Whoever steps aside does so for a random while; here nobody waits, and every run of a seed is the
// same.
beforeAll(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterAll(() => void vi.restoreAllMocks());

describe.each(Object.entries(shapes))('%s', (_, shape) => {
  const timeout = HANG_GUARD_MS + histories * 5_000;

  it('and agree on their people after a sweep, whatever happened', { timeout }, () =>
    holds(async (chosen) => {
      const simulation = await startSimulation(shape);
      await live(simulation, [here, here, there, there, ...around], chosen);
      await expectPeace(simulation);
    }),
  );

  it('and agree on people and status, once each link was looked at', { timeout }, () =>
    holds(async (chosen) => {
      const simulation = await startSimulation(shape);
      await sweep(simulation);
      await live(simulation, [here, there, statusHere, statusThere, ...around], chosen);
      await expectPeace(simulation);
    }),
  );
});

describe('the last word', () => {
  const shape: Shape = [
    ['101', 'a'],
    ['101', 'b'],
  ];
  const timeout = HANG_GUARD_MS + histories * 5_000;

  it('of somebody here holds everywhere, whatever still happens to the past', { timeout }, () =>
    holds(async (chosen) => {
      const simulation = await startSimulation(shape);
      await live(simulation, [here, here, there, there, ...around], chosen);
      simulation.recover();
      simulation.pass(5_000);
      const before = await simulation.assigneeOf('101');
      const wanted = before === '11' ? '12' : '11';
      await simulation.assignHere('101', wanted);
      simulation.replay();
      await drain(simulation);
      expect(await simulation.assigneeOf('101')).toBe(wanted);
      await expectPeace(simulation);
      expect(await simulation.assigneeOf('101')).toBe(wanted);
    }),
  );

  it(
    'of somebody in a tracker holds everywhere, when all before it has come to rest',
    { timeout },
    () =>
      holds(async (chosen) => {
        const simulation = await startSimulation(shape);
        await live(simulation, [here, here, there, there, ...around], chosen);
        await expectPeace(simulation);
        simulation.pass(5_000);
        const wanted = (await simulation.assigneeOf('101')) === '11' ? '12' : '11';
        fc.pre(simulation.assignThere(0, [wanted === '11' ? 'p1' : 'p2']));
        simulation.replay();
        await drain(simulation);
        expect(await simulation.assigneeOf('101')).toBe(wanted);
        await expectPeace(simulation);
        expect(await simulation.assigneeOf('101')).toBe(wanted);
      }),
  );
});
