import { describe, expect, it } from 'vitest';
import { createCount, createLog, type LambdaFacts } from '../shared/telemetry.ts';

const invocation = {
  awsRequestId: 'i1',
  functionName: 'fn',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:fn',
  memoryLimitInMB: '1024',
};
const often: LambdaFacts = { logLevel: 'INFO', isStartedForCall: true, traceId: '1-5759e988' };

function logOf(facts: LambdaFacts = often) {
  const lines: string[] = [];
  const log = createLog(
    (line) => void lines.push(line),
    () => facts,
  );
  const last = () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>;
  return { log, lines, last };
}

describe('a line of the log', () => {
  it('has the fields of Powertools in their order, then what is said of the call and of the line', () => {
    const { log, last } = logOf();
    log.begin(invocation, { requestId: 'r1' });
    log.warn('w', { groupId: '1' });
    const { timestamp, ...rest } = last();
    expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(JSON.stringify(rest)).toBe(
      '{"level":"WARN","message":"w","service":"baton","cold_start":true,"function_arn":"arn:fn",' +
        '"function_memory_size":"1024","function_name":"fn","function_request_id":"i1",' +
        '"xray_trace_id":"1-5759e988","requestId":"r1","groupId":"1"}',
    );
  });

  it('is written before a call has begun', () => {
    const { log, last } = logOf({ ...often, traceId: undefined });
    log.info('early', { a: 1 });
    expect(last()).toEqual({
      level: 'INFO',
      message: 'early',
      timestamp: expect.any(String),
      service: 'baton',
      a: 1,
    });
  });

  it('says nothing of the call before', () => {
    const { log, last } = logOf();
    log.begin(invocation, { requestId: 'r1' });
    log.begin({ ...invocation, awsRequestId: 'i2' });
    log.error('e', {});
    expect(last()).toMatchObject({ function_request_id: 'i2', cold_start: false });
    expect(last()).not.toHaveProperty('requestId');
  });

  it('tells no cold start of an environment that was kept ready', () => {
    const { log, last } = logOf({ ...often, isStartedForCall: false });
    log.begin(invocation);
    log.info('i', {});
    expect(last()).toMatchObject({ cold_start: false });
  });

  it.each([
    ['INFO', 3],
    ['WARN', 2],
    ['ERROR', 1],
    ['FATAL', 0],
    ['DEBUG', 3],
    ['unknown', 3],
  ])('is left out below the level %s', (logLevel, count) => {
    const { log, lines } = logOf({ ...often, logLevel });
    log.info('i', {});
    log.warn('w', {});
    log.error('e', {});
    expect(lines).toHaveLength(count);
  });

  it.each([
    ['nothing', { a: undefined, b: null, c: '' }, {}],
    ['false and zero', { a: false, b: 0 }, { a: false, b: 0 }],
    ['what every line says', { level: 'x', message: 'x', service: 'x' }, {}],
    ['a large number', { id: 9_007_199_254_740_993n }, { id: '9007199254740993' }],
    ['one thing twice', { a: often, b: often }, { a: often, b: often }],
    [
      'an error and its cause',
      { error: new TypeError('t', { cause: new Error('c') }) },
      {
        error: {
          name: 'TypeError',
          message: 't',
          stack: expect.stringContaining('telemetry.test'),
          cause: { name: 'Error', message: 'c', stack: expect.any(String) },
        },
      },
    ],
    ['a circle', circle(), { a: { b: {} } }],
  ])('says %s', (_, about, said) => {
    const { log, last } = logOf({ ...often, traceId: undefined });
    log.warn('m', about);
    const { timestamp: _timestamp, level, message, service, ...rest } = last();
    expect([level, message, service]).toEqual(['WARN', 'm', 'baton']);
    expect(rest).toEqual(said);
  });
});

function circle(): Record<string, unknown> {
  const a: Record<string, unknown> = {};
  a.b = { a };
  return { a };
}

describe('a metric', () => {
  const countOf = (...input: Parameters<ReturnType<typeof createCount>>) => {
    const lines: string[] = [];
    createCount((line) => void lines.push(line), 'alice')(...input);
    return lines.map((line) => JSON.parse(line));
  };

  it.each([
    [undefined, undefined, {}, 1],
    [{ change: 'assigned' }, 3, { change: 'assigned' }, 3],
    [{ empty: '' }, 0, {}, 0],
  ])('is a line from which CloudWatch makes it: %j %j', (given, times, dimensions, value) => {
    expect(countOf('group.x', given, times)).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: 'Baton',
              Dimensions: [['service', 'stage', ...Object.keys(dimensions)]],
              Metrics: [{ Name: 'group.x', Unit: 'Count' }],
            },
          ],
        },
        service: 'baton',
        stage: 'alice',
        ...dimensions,
        'group.x': value,
      },
    ]);
  });
});
