import { describe, expect, it } from 'vitest';
import { type Simulation, startSimulation } from '../../support/sync/simulation.ts';

/** Lets everything that is under way come to its end; far beyond what any calm run needs. */
async function drain(simulation: Simulation) {
  for (let steps = 0; simulation.pending() > 0; steps += 1) {
    if (steps > 1_000) {
      throw new Error('It never comes to rest.');
    }
    await simulation.relay(0);
    await simulation.arrive(0);
    await simulation.begin(0);
    await simulation.step(0);
  }
}

describe.each([
  ['an issue on GitHub', 'a', 0],
  ['an issue in Redmine', 'b', 1],
] as const)('%s', (_, ticket, index) => {
  it.each([
    ['everybody leaves', 'long after', 60_000, [], null],
    ['everybody leaves', 'a second after', 1_000, [], null],
    ['everybody leaves', 'in the same second as', 0, [], null],
    ['somebody else comes', 'long after', 60_000, ['p2'], '12'],
    ['somebody else comes', 'a second after', 1_000, ['p2'], '12'],
    ['somebody else comes', 'in the same second as', 0, ['p2'], '12'],
  ] as const)(
    'that %s, %s our own write, and whose webhook is lost, is caught up with',
    async (_what, _when, ms, people, expected) => {
      const simulation = await startSimulation([['101', ticket]]);
      await drain(simulation);
      await simulation.assignHere('101', '11');
      await drain(simulation);
      const wroteAtMs = simulation.tickets[index]?.atMs ?? 0;
      simulation.pass(wroteAtMs + ms - simulation.now());
      expect(simulation.assignThere(index, people)).toBe(true);
      expect(simulation.tickets[index]?.atMs).toBe(wroteAtMs + ms);
      simulation.lose(0);
      await drain(simulation);
      await simulation.sweep();
      await drain(simulation);
      expect(await simulation.assigneeOf('101')).toBe(expected);
      expect(simulation.tickets[index]?.assignees.map(({ externalId }) => externalId)).toEqual(
        people,
      );
    },
  );
});
