import type { Line } from './bill.ts';
import { HOURS_PER_MONTH, PRICES } from './prices.ts';

/** The parts of a template that cost money in an idle stage. */
export type PricedTemplate = {
  readonly Resources: Readonly<
    Record<
      string,
      { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }
    >
  >;
};

/** The smallest size of a serverless cache that is charged. */
const SMALLEST_CACHE_GB = 0.1;

/**
 * Lambda polls an idle queue with five pollers, each of which waits 20 s. It reduces them to two
 * only for mappings without a maximum concurrency.
 */
const POLLS_PER_MINUTE = 5 * 3;

/** A run of a schedule without work, measured with the local stack: one read of an index. */
const IDLE_RUN = { seconds: 0.05, readUnits: 1, logKb: 1.2 };

const UNIT_MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1_440 };

/** The monthly cost of an idle stage, from the resources of its template. */
export function idleLines({ Resources }: PricedTemplate): Line[] {
  const all = Object.entries(Resources);
  const of = (type: string) =>
    all.filter(([, { Type }]) => Type === type).map(([, { Properties = {} }]) => Properties);
  const queueIs = (id: string, property: string) => Resources[id]?.Properties?.[property] === true;
  const sources = of('AWS::Lambda::EventSourceMapping').map(({ EventSourceArn }) =>
    JSON.stringify(EventSourceArn),
  );
  const polled = all
    .filter(
      ([id, { Type }]) =>
        Type === 'AWS::SQS::Queue' && sources.some((arn) => arn.includes(`"${id}"`)),
    )
    .map(([id]) => queueIs(id, 'FifoQueue'));
  const pollsAMonth = POLLS_PER_MINUTE * 60 * HOURS_PER_MONTH;
  const alarmMetrics = of('AWS::CloudWatch::Alarm').reduce(
    (sum, alarm) => sum + metricsOf(alarm),
    0,
  );
  const runs = of('AWS::Scheduler::Schedule').reduce(
    (sum, { ScheduleExpression }) => sum + runsAMonth(String(ScheduleExpression)),
    0,
  );
  const memoryGb = memoryOfSchedules(all.map(([, resource]) => resource));
  const traced = of('AWS::ApiGateway::Stage').some(({ TracingEnabled }) => TracingEnabled === true);
  const rules = of('AWS::WAFv2::WebACL').flatMap(({ Rules }) => Rules as unknown[]).length;
  const count = (type: string) => of(type).length;

  const lines: Line[] = [
    line(
      'the cache, empty',
      count('AWS::ElastiCache::ServerlessCache'),
      'cache',
      SMALLEST_CACHE_GB * HOURS_PER_MONTH * PRICES.cacheGbHour,
    ),
    line(
      'asking standard queues',
      polled.filter((fifo) => !fifo).length,
      'queues',
      (pollsAMonth / 1e6) * PRICES.queueMillion,
    ),
    line(
      'asking FIFO queues',
      polled.filter((fifo) => fifo).length,
      'queues',
      (pollsAMonth / 1e6) * PRICES.fifoQueueMillion,
    ),
    line('alarms', alarmMetrics, 'metrics', PRICES.alarmMetric),
    line(
      'composite alarms',
      count('AWS::CloudWatch::CompositeAlarm'),
      'alarms',
      PRICES.compositeAlarm,
    ),
    line('the dashboard', count('AWS::CloudWatch::Dashboard'), 'dashboard', PRICES.dashboard),
    line('the firewall', count('AWS::WAFv2::WebACL'), 'web ACL', PRICES.firewall),
    line('rules of the firewall', rules, 'rules', PRICES.firewallRule),
    line(
      'schedules that find nothing',
      runs,
      'runs',
      PRICES.scheduleMillion / 1e6 + idleRun(memoryGb),
    ),
    line('traces of those runs', traced ? runs : 0, 'traces', PRICES.traceMillion / 1e6),
  ];
  return lines.filter(({ dollars }) => dollars > 0);
}

function line(what: string, count: number, noun: string, each: number): Line {
  return { what, quantity: `${count.toLocaleString('en-US')} ${noun}`, dollars: count * each };
}

function metricsOf({ Metrics }: Readonly<Record<string, unknown>>): number {
  if (!Array.isArray(Metrics)) {
    return 1;
  }
  return (Metrics as { MetricStat?: unknown }[]).filter(({ MetricStat }) => MetricStat).length;
}

function runsAMonth(rate: string): number {
  const [, every = '', unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(rate) ?? [];
  const minutes = Number(every) * (UNIT_MINUTES[unit] ?? Number.NaN);
  if (Number.isNaN(minutes)) {
    throw new Error(`The rate ${rate} has no price.`);
  }
  return Math.round((HOURS_PER_MONTH * 60) / minutes);
}

/** The largest memory of a function, which is used for all scheduled functions. */
function memoryOfSchedules(resources: readonly PricedTemplate['Resources'][string][]): number {
  const megabytes = resources
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => Number(Properties?.MemorySize));
  return Math.max(...megabytes) / 1_024;
}

function idleRun(memoryGb: number): number {
  return (
    PRICES.lambdaMillion / 1e6 +
    IDLE_RUN.seconds * memoryGb * PRICES.lambdaGbSecond +
    (IDLE_RUN.readUnits / 1e6) * PRICES.readMillion +
    (IDLE_RUN.logKb / 1e6) * PRICES.logGb
  );
}
