/** The options of a stage on the command line: `-c stage=alice -c rateLimits=off`. */
export const STAGE_OPTIONS = [
  'stage',
  'rateLimits',
  'alarmEmail',
  'tracing',
  'dashboard',
  'firewall',
  'domain',
  'certificate',
  'allowedOrigins',
  'producers',
  'vpc',
  'tableIndexes',
] as const;

export type StageRequest = { readonly [Option in (typeof STAGE_OPTIONS)[number]]?: unknown };

/** A host name for the API, and its certificate. */
export type StageDomain = { readonly name: string; readonly certificateArn: string };

const EMAIL = /^[^\s@]+@[^\s@]+$/;
const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/;
const CERTIFICATE = /^arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/;
/** Without a path, and without a port that is the default: as browsers write it. */
const ORIGINS = /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?(?:,https?:\/\/[a-z0-9.-]+(?::\d{1,5})?)*$/;
const INDEXES = /^gsi\d(?:,gsi\d)*$/;
const ACCOUNTS = /^\d{12}(?:,\d{12})*$/;

/** Reads the options of a request. */
export function readOptions(request: StageRequest) {
  const text = (option: keyof StageRequest, form: RegExp, what: string): string | undefined => {
    const value = request[option];
    if (value === undefined) {
      return undefined;
    }
    if (typeof value === 'string' && form.test(value)) {
      return value;
    }
    throw new Error(`-c ${option} is ${what} (got ${JSON.stringify(value)})`);
  };
  const isOn = (option: keyof StageRequest): boolean | undefined => {
    const value = text(option, /^(?:on|off)$/, 'on or off');
    return value === undefined ? undefined : value === 'on';
  };
  return {
    rateLimits: isOn('rateLimits'),
    tracing: isOn('tracing'),
    dashboard: isOn('dashboard'),
    firewall: isOn('firewall'),
    vpc: isOn('vpc'),
    alarmEmail: text('alarmEmail', EMAIL, 'the address that alarms are sent to'),
    domain: domainOf(
      text('domain', HOST_NAME, 'a host name such as baton.example.com'),
      text(
        'certificate',
        CERTIFICATE,
        'the ARN of a certificate of ACM in the region of the stage',
      ),
    ),
    allowedOrigins: text(
      'allowedOrigins',
      ORIGINS,
      'origins such as https://tools.example.com, separated by commas',
    )?.split(','),
    tableIndexes: text(
      'tableIndexes',
      INDEXES,
      'the names of the indexes of the table separated by commas, such as gsi1,gsi2',
    )?.split(','),
    producers: text('producers', ACCOUNTS, 'account numbers separated by commas')?.split(','),
  };
}

function domainOf(name?: string, certificateArn?: string): StageDomain | undefined {
  if (name === undefined && certificateArn === undefined) {
    return undefined;
  }
  if (name !== undefined && certificateArn !== undefined) {
    return { name, certificateArn };
  }
  throw new Error('-c domain and -c certificate belong together: give both of them, or neither.');
}
