import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../local/driver/services/aws-json.ts';
import type { StageParameter } from '../stage-parameters.ts';

const LOCAL_URL = 'http://127.0.0.1:8787';

/** The options by which a command says where it is to work: they go into `parseArgs`. */
export const PLACE_OPTIONS = { stage: { type: 'string' }, url: { type: 'string' } } as const;

/** Which stack: a deployed stage by its name, or the local stack by its address. */
export type PlaceRequest = {
  readonly stage?: string | undefined;
  readonly url?: string | undefined;
};

/**
 * What a stack says about itself: names of table and bus, the address of its API's host, its dead
 * letters.
 */
export type PlaceFact = StageParameter;

/** A stack that was found, with clients of it. */
export type Place<Fact extends PlaceFact> = Readonly<Record<Fact, string>> & {
  /** What it is called in what is printed. */
  readonly name: string;
  readonly isLocal: boolean;
  readonly dynamodb: DynamoDBDocumentClient;
  readonly eventbridge: EventBridgeClient;
};

/**
 * Finds a deployed stage through its parameters, or the local stack (at its usual address unless
 * told otherwise).
 *
 * @throws Error with a sentence for whoever typed the command
 */
export async function findPlace<Fact extends PlaceFact>(
  { stage, url }: PlaceRequest,
  facts: readonly Fact[],
): Promise<Place<Fact>> {
  if (stage !== undefined && url !== undefined) {
    throw new Error(
      '--url is for the local stack and --stage for a deployed one: give one of them.',
    );
  }
  return stage === undefined ? findLocal(url ?? LOCAL_URL, facts) : findStage(stage, facts);
}

/** The local stack says itself where everything is. */
async function findLocal<Fact extends PlaceFact>(
  url: string,
  facts: readonly Fact[],
): Promise<Place<Fact>> {
  const base = url.replace(/\/+$/, '');
  const stack = await askStack(base);
  const told = (name: string): string => {
    const value = stack[name];
    if (typeof value !== 'string') {
      throw new Error(`What answers at ${base} is not Baton's local stack.`);
    }
    return value;
  };
  const engine = { region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };
  return {
    ...record(facts, told),
    name: `the local stack at ${base}`,
    isLocal: true,
    dynamodb: documents(new DynamoDBClient({ ...engine, endpoint: told('dynamodb') })),
    eventbridge: new EventBridgeClient({ ...engine, endpoint: told('eventbridge') }),
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
      `Nothing answers at ${base}: start the local stack with npm start, or say where it is with --url or --stage.`,
    );
  }
  const answer: unknown = await response.json().catch(() => null);
  return response.ok && typeof answer === 'object' && answer !== null ? { ...answer } : {};
}

/** A deployed stage publishes what it is called in parameters below `/baton/{stage}/`. */
async function findStage<Fact extends PlaceFact>(
  stage: string,
  facts: readonly Fact[],
): Promise<Place<Fact>> {
  const parameter = (fact: string) => `/baton/${stage}/${fact}`;
  const values = await readParameters(facts.map(parameter));
  if (values.size === 0) {
    throw new Error(
      `This account and region have no stage "${stage}": the parameter ${parameter(facts[0] ?? '')} is not there. ` +
        `Deploy it with npm run deploy -- -c stage=${stage}.`,
    );
  }
  const told = (fact: string): string => {
    const value = values.get(parameter(fact));
    if (value === undefined) {
      throw new Error(
        `The stage "${stage}" lacks the parameter ${parameter(fact)}: it was deployed by an older version. ` +
          `Deploy it again with npm run deploy -- -c stage=${stage}.`,
      );
    }
    return value;
  };
  return {
    ...record(facts, told),
    name: `the stage ${stage}`,
    isLocal: false,
    dynamodb: documents(new DynamoDBClient({})),
    eventbridge: new EventBridgeClient({}),
  };
}

/** The parameters that are there, by name. */
async function readParameters(names: string[]): Promise<Map<string, string>> {
  try {
    const { Parameters = [] } = await new SSMClient({}).send(
      new GetParametersCommand({ Names: names }),
    );
    return new Map(Parameters.map(({ Name = '', Value = '' }) => [Name, Value]));
  } catch (error) {
    throw new Error(
      `AWS cannot be asked for the parameters ${names.join(', ')}: ${(error as Error).message}`,
    );
  }
}

function record<Fact extends PlaceFact>(
  facts: readonly Fact[],
  told: (fact: Fact) => string,
): Record<Fact, string> {
  return Object.fromEntries(facts.map((fact) => [fact, told(fact)])) as Record<Fact, string>;
}

function documents(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
