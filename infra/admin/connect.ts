import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../shared/stores/document-client.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../local/driver/services/aws-json.ts';
import { LOCAL_PATHS } from '../local/driver/services/local-api.ts';
import type { StageParameter } from '../stage-parameters.ts';

const LOCAL_URL = 'http://127.0.0.1:8787';

/** The options of `parseArgs` that select a stack. */
export const CONNECTION_OPTIONS = { stage: { type: 'string' }, url: { type: 'string' } } as const;

/** Selects a stack: a deployed stage by name, or the local stack by address. */
export type ConnectionRequest = {
  readonly stage?: string | undefined;
  readonly url?: string | undefined;
};

/**
 * A stack with its clients and the values that it publishes: names of the table and the bus, the
 * address of the API, the dead-letter queues.
 */
export type StageConnection<Parameter extends StageParameter> = Readonly<
  Record<Parameter, string>
> & {
  /** The name in messages. */
  readonly name: string;
  /** The stage in the names of its parameters; `local` for the local stack. */
  readonly stage: string;
  readonly isLocal: boolean;
  readonly dynamodb: DynamoDBDocumentClient;
  readonly eventbridge: EventBridgeClient;
  readonly ssm: SSMClient;
};

/**
 * Finds a deployed stage by its parameters, or the local stack, at its default address unless one
 * is given.
 *
 * @throws Error with a message for the operator
 */
export async function connect<Parameter extends StageParameter>(
  { stage, url }: ConnectionRequest,
  parameters: readonly Parameter[],
): Promise<StageConnection<Parameter>> {
  if (stage !== undefined && url !== undefined) {
    throw new Error(
      '--url is for the local stack and --stage for a deployed one: give one of them.',
    );
  }
  return stage === undefined
    ? findLocal(url ?? LOCAL_URL, parameters)
    : findStage(stage, parameters);
}

/** Asks the local stack for its addresses. */
async function findLocal<Parameter extends StageParameter>(
  url: string,
  parameters: readonly Parameter[],
): Promise<StageConnection<Parameter>> {
  const base = url.replace(/\/+$/, '');
  const stack = await askStack(base);
  const told = (name: string): string => {
    const value = stack[name];
    if (typeof value !== 'string') {
      throw new Error(`The server at ${base} is not a local stack of Baton.`);
    }
    return value;
  };
  const engine = { region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };
  return {
    ...record(parameters, told),
    name: `the local stack at ${base}`,
    stage: 'local',
    isLocal: true,
    dynamodb: documentClient(new DynamoDBClient({ ...engine, endpoint: told('dynamodb') })),
    eventbridge: new EventBridgeClient({ ...engine, endpoint: told('eventbridge') }),
    ssm: new SSMClient({ ...engine, endpoint: `${base}${LOCAL_PATHS.ssm}` }),
  };
}

async function askStack(base: string): Promise<Readonly<Record<string, unknown>>> {
  const address = `${base}/_local/stack`;
  if (!URL.canParse(address)) {
    throw new Error(`${base} is not a URL.`);
  }
  let response: Response;
  try {
    response = await fetch(address);
  } catch {
    throw new Error(
      `Nothing answers at ${base}: start the local stack with npm start, ` +
        'or select another stack with --url or --stage.',
    );
  }
  if (response.status === 503) {
    throw new Error(`The local stack at ${base} is starting: try again in a moment.`);
  }
  const answer: unknown = await response.json().catch(() => null);
  return response.ok && typeof answer === 'object' && answer !== null ? { ...answer } : {};
}

/** Reads the parameters of a deployed stage below `/baton/{stage}/`. */
async function findStage<Parameter extends StageParameter>(
  stage: string,
  parameters: readonly Parameter[],
): Promise<StageConnection<Parameter>> {
  const nameOf = (parameter: string) => `/baton/${stage}/${parameter}`;
  const values = await readParameters(parameters.map(nameOf));
  if (values.size === 0) {
    throw new Error(
      `This account and region have no stage "${stage}": ` +
        `the parameter ${nameOf(parameters[0] ?? '')} does not exist. ` +
        `Deploy it with npm run deploy -- -c stage=${stage}.`,
    );
  }
  const told = (parameter: string): string => {
    const value = values.get(nameOf(parameter));
    if (value === undefined) {
      throw new Error(
        `The stage "${stage}" lacks the parameter ${nameOf(parameter)}: ` +
          'it was deployed by an older version. ' +
          `Deploy it again with npm run deploy -- -c stage=${stage}.`,
      );
    }
    return value;
  };
  return {
    ...record(parameters, told),
    name: `the stage ${stage}`,
    stage,
    isLocal: false,
    dynamodb: documentClient(new DynamoDBClient({})),
    eventbridge: new EventBridgeClient({}),
    ssm: new SSMClient({}),
  };
}

/** The existing parameters, by name. */
async function readParameters(names: string[]): Promise<Map<string, string>> {
  try {
    const { Parameters = [] } = await new SSMClient({}).send(
      new GetParametersCommand({ Names: names }),
    );
    return new Map(Parameters.map(({ Name = '', Value = '' }) => [Name, Value]));
  } catch (error) {
    throw new Error(
      `The parameters ${names.join(', ')} cannot be read: ${(error as Error).message}`,
    );
  }
}

function record<Parameter extends StageParameter>(
  parameters: readonly Parameter[],
  told: (name: Parameter) => string,
): Record<Parameter, string> {
  return Object.fromEntries(parameters.map((name) => [name, told(name)])) as Record<
    Parameter,
    string
  >;
}
