import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Admission,
  admit,
  type Circuit,
  openCircuit,
  untestedCircuit,
} from '../../shared/cache/circuit.ts';

const LONGEST_WAIT_MS = 300;

describe('a circuit', () => {
  it.each<[string, Circuit, number, Admission]>([
    ['that is closed lets through', { state: 'closed' }, 5_000, 'go'],
    ['that was never tried asks for a probe', untestedCircuit, 5_000, 'probe'],
    ['that has just opened refuses', openCircuit(5_000, 3_000), 5_000, 'refuse'],
    ['refuses to the end of its rest', openCircuit(5_000, 3_000), 7_999, 'refuse'],
    ['asks for a probe after its rest', openCircuit(5_000, 3_000), 8_000, 'probe'],
    ['without a rest asks for a probe at once', openCircuit(5_000, 0), 5_000, 'probe'],
    ['whose clock went back asks for a probe', openCircuit(5_000, 3_000), 4_999, 'probe'],
    ['lets others wait for its probe', { state: 'probing', sinceMs: 5_000 }, 5_299, 'wait'],
    ['lets nobody wait for a slow probe', { state: 'probing', sinceMs: 5_000 }, 5_300, 'refuse'],
  ])('%s', (_, circuit, nowMs, admission) => {
    expect(admit(circuit, nowMs, LONGEST_WAIT_MS)).toBe(admission);
  });

  it('lets those wait to the end who have the time', () => {
    const probing: Circuit = { state: 'probing', sinceMs: 0 };
    expect(admit(probing, 60_000, Number.POSITIVE_INFINITY)).toBe('wait');
  });

  it('sends one probe a rest while every probe fails, whoever asks and when', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200 }), (pauses) => {
        let circuit = untestedCircuit;
        let nowMs = 1_000;
        const probes: number[] = [];
        for (const pause of pauses) {
          nowMs += pause;
          if (admit(circuit, nowMs, LONGEST_WAIT_MS) !== 'probe') {
            continue;
          }
          probes.push(nowMs);
          circuit = openCircuit(nowMs, 3_000);
        }
        for (const [index, atMs] of probes.slice(1).entries()) {
          expect(atMs - (probes[index] ?? 0)).toBeGreaterThanOrEqual(3_000);
        }
      }),
    );
  });
});
