import type { Count, FunctionLog, Invocation } from './operations/deps.ts';

/** What Lambda says of the environment and of the call that runs in it, when it is asked. */
export type LambdaFacts = {
  /** Lines below it are left out. */
  readonly logLevel: string;
  /** Whether the environment was started for a call, and not kept ready. */
  readonly isStartedForCall: boolean;
  readonly traceId: string | undefined;
};

/** One line for the output of the function, which is its log. */
export type WriteLine = (line: string) => void;

type Fields = Readonly<Record<string, unknown>>;

const SERVICE = 'baton';
const NAMESPACE = 'Baton';
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/**
 * The log of a function: lines of JSON, with the names of fields that AWS Lambda Powertools gives
 * them. Written here because that package is a fifth of the code that a cold start evaluates.
 */
export function createLog(write: WriteLine, facts: () => LambdaFacts): FunctionLog {
  let invocation: Fields = {};
  let about: Fields = {};
  let isWarm = false;
  const line = (level: string, message: string, more: Fields) => {
    const { logLevel, traceId } = facts();
    if (LEVELS.indexOf(level) < LEVELS.indexOf(logLevel)) {
      return;
    }
    const own = {
      level,
      message,
      timestamp: new Date().toISOString(),
      service: SERVICE,
      ...invocation,
      xray_trace_id: traceId,
    };
    // What is said of a line never hides what every line says.
    write(JSON.stringify(onlySaid({ ...own, ...about, ...more, ...own }), asJson()));
  };
  return {
    begin(begun, of = {}) {
      const isCold = !isWarm && facts().isStartedForCall;
      isWarm = true;
      invocation = fieldsOf(begun, isCold);
      about = of;
    },
    info: (message, more) => line('INFO', message, more),
    warn: (message, more) => line('WARN', message, more),
    error: (message, more) => line('ERROR', message, more),
  };
}

/** Metrics as lines of the log, from which CloudWatch makes them: its embedded metric format. */
export function createCount(write: WriteLine, stage: string): Count {
  return (name, dimensions = {}, value = 1) => {
    const said = onlySaid({ service: SERVICE, stage, ...dimensions });
    const metric = {
      Namespace: NAMESPACE,
      Dimensions: [Object.keys(said)],
      Metrics: [{ Name: name, Unit: 'Count' }],
    };
    const _aws = { Timestamp: Date.now(), CloudWatchMetrics: [metric] };
    write(JSON.stringify({ _aws, ...said, [name]: value }));
  };
}

function fieldsOf(invocation: Invocation, isCold: boolean): Fields {
  return {
    cold_start: isCold,
    function_arn: invocation.invokedFunctionArn,
    function_memory_size: invocation.memoryLimitInMB,
    function_name: invocation.functionName,
    function_request_id: invocation.awsRequestId,
  };
}

/** Leaves out what says nothing. */
function onlySaid(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== undefined && value !== null && value !== '',
    ),
  );
}

/** Errors by what they say, numbers of any size, and no circle: a line is always written. */
function asJson() {
  const above: unknown[] = [];
  return function (this: unknown, _key: string, value: unknown): unknown {
    while (above.length > 0 && above.at(-1) !== this) {
      above.pop();
    }
    const said = plain(value);
    if (typeof said !== 'object' || said === null) {
      return said;
    }
    if (above.includes(said)) {
      return undefined;
    }
    above.push(said);
    return said;
  };
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return String(value);
  }
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    return { name, message, stack, cause };
  }
  return value;
}
