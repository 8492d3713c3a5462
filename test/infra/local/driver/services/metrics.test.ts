import { expect, it } from 'vitest';
import { createFunctionLog } from '../../../../../infra/local/driver/lambda/function-log.ts';
import { createMetrics } from '../../../../../infra/local/driver/services/metrics.ts';

it('metrics are summed by name and dimensions, once for each set of dimensions', () => {
  const metrics = createMetrics();
  const line = (stage: string, assigned: unknown) =>
    JSON.stringify({
      _aws: {
        CloudWatchMetrics: [
          { Namespace: 'n', Dimensions: [['stage'], []], Metrics: [{ Name: 'assigned' }] },
        ],
      },
      stage,
      assigned,
    });
  for (const [stage, value] of [
    ['a', 1],
    ['a', [2, 3]],
    ['b', 4],
  ] as const) {
    expect(metrics.read(line(stage, value))).toBe(true);
  }

  expect(metrics.list()).toEqual([
    { name: 'assigned', dimensions: { stage: 'a' }, value: 6 },
    { name: 'assigned', dimensions: {}, value: 10 },
    { name: 'assigned', dimensions: { stage: 'b' }, value: 4 },
  ]);
  metrics.clear();
  expect(metrics.list()).toEqual([]);
});

it.each([
  ['a metric', 'stdout', '{"_aws":{"CloudWatchMetrics":[]}}', [false, false]],
  ['a line of text', 'stdout', 'hello', [false, true]],
  ['information', 'stdout', '{"level":"INFO"}', [false, true]],
  ['a warning', 'stdout', '{"level":"WARN"}', [true, true]],
  ['an error', 'stdout', '{"level":"ERROR"}', [true, true]],
  ['what only begins like JSON', 'stdout', '{"level":"ERROR"', [false, true]],
  ['what only looks like a metric', 'stdout', '{"_aws":1}', [false, true]],
  ['a line on stderr', 'stderr', 'hello', [true, true]],
] as const)('%s is shown, or not', (_, stream, line, [usually, verbosely]) => {
  const shown = (verbose: boolean) => {
    const lines: string[] = [];
    const print = (text: string) => void lines.push(text);
    createFunctionLog({ metrics: createMetrics(), verbose, print })('fn', line, stream);
    return lines;
  };
  expect(shown(false)).toEqual(usually ? [`[fn] ${line}`] : []);
  expect(shown(true)).toEqual(verbosely ? [`[fn] ${line}`] : []);
});
