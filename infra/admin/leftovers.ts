import {
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
} from '@aws-sdk/client-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STAGE_PARAMETERS } from '../stage-parameters.ts';
import { stageName, stageSettings } from '../stages.ts';
import { progressFor } from '../terminal/progress.ts';
import { createLogsCall } from './aws-json-call.ts';
import type { Command } from './command.ts';
import { readArguments, report, required } from './command.ts';
import { isConfirmed } from './input.ts';
import { deleteParameters, stageParameterNames } from './stage-parameters-left.ts';

export const leftovers: Command = {
  usage: [
    [
      'leftovers --stage NAME [--remove] [--json]',
      'lists what a stage has outside its stack; --remove removes it once the stack is gone, ' +
        'and asks for the name',
    ],
  ],
  run: runLeftovers,
};

/** Assets are in the bucket of the bootstrap of the account, named by the hash of their content. */
const ASSETS_NOTE =
  'Bundles are in the bucket of the CDK bootstrap, which all stages share: ' +
  'npx cdk gc removes those that no stack uses.';

type Kind = 'parameter' | 'log group' | 'table';
type Leftover = {
  readonly kind: Kind;
  readonly name: string;
  readonly remove: () => Promise<unknown>;
};

async function runLeftovers(args: readonly string[]): Promise<boolean> {
  const { values } = readArguments(args, { remove: { type: 'boolean', default: false } });
  const { name } = stageSettings({ stage: required(values.stage, 'Name a stage with --stage.') });
  const ssm = new SSMClient({});
  const progress = progressFor(values);
  progress.step(`Looking for what the stage ${name} has outside its stack`);
  const parameters = await stageParameterNames(ssm, name);
  // These parameters are in the stack: if one exists, the stack exists.
  const own = STAGE_PARAMETERS.map((parameter) => `/baton/${name}/${parameter}`);
  const isDeployed = parameters.some((parameter) => own.includes(parameter));
  const secrets = parameters
    .filter((parameter) => !own.includes(parameter))
    .map(
      (parameter): Leftover => ({
        kind: 'parameter',
        name: parameter,
        remove: () => deleteParameters(ssm, [parameter]),
      }),
    );
  const found = isDeployed
    ? secrets
    : [...secrets, ...(await logGroupsLeft(ssm, name)), ...(await tablesLeft(name))];
  progress.end();
  if (!values.remove) {
    return show(values, { name, isDeployed, found });
  }
  if (isDeployed) {
    throw new Error(
      `The stage ${name} is deployed and uses what is listed. ` +
        `Destroy it first: npm run destroy -- -c stage=${name}.`,
    );
  }
  return remove(values, name, found);
}

function show(
  values: { readonly json: boolean },
  {
    name,
    isDeployed,
    found,
  }: { readonly name: string; readonly isDeployed: boolean; readonly found: readonly Leftover[] },
): true {
  const state = isDeployed ? 'is deployed' : 'has no stack any more';
  return report(values, {
    lines: [
      `The stage ${name} ${state}; outside it are ` +
        `${found.length === 0 ? 'no' : found.length} resources:`,
      ...found.map((one) => `  ${one.kind.padEnd(9)}  ${one.name}`),
      ASSETS_NOTE,
    ],
    value: {
      stage: name,
      isDeployed,
      leftovers: found.map((one) => ({ kind: one.kind, name: one.name })),
    },
  });
}

async function remove(
  values: { readonly json: boolean },
  name: string,
  found: readonly Leftover[],
): Promise<boolean> {
  const question = `This removes ${found.length} resources of the stage ${name}, with their data.`;
  if (found.length > 0 && !(await isConfirmed(question, name))) {
    console.error('That is not the name of the stage: nothing was removed.');
    return false;
  }
  const progress = progressFor(values);
  progress.step(`Removing resources of the stage ${name}`);
  for (const [index, one] of found.entries()) {
    await one.remove();
    progress.count(index + 1, found.length);
  }
  progress.end();
  return report(values, {
    lines: [`Removed ${found.length} resources of the stage ${name}.`, ASSETS_NOTE],
    value: { stage: name, removed: found.map((one) => ({ kind: one.kind, name: one.name })) },
  });
}

/**
 * Retained log groups. The name of another stage may begin with that of this one, so the tag
 * decides.
 */
async function logGroupsLeft(ssm: SSMClient, stage: string): Promise<Leftover[]> {
  const call = createLogsCall(ssm);
  const found: Leftover[] = [];
  let nextToken: string | undefined;
  do {
    const page = await call<{ logGroups?: LogGroup[]; nextToken?: string }>('DescribeLogGroups', {
      logGroupNamePrefix: `${stageName(stageSettings({ stage }))}-`,
      ...(nextToken !== undefined && { nextToken }),
    });
    for (const { logGroupName, logGroupArn } of page.logGroups ?? []) {
      const { tags } = await call<{ tags?: Record<string, string> }>('ListTagsForResource', {
        resourceArn: logGroupArn,
      });
      if (isOfStage(tags ?? {}, stage)) {
        const remove = () => call('DeleteLogGroup', { logGroupName });
        found.push({ kind: 'log group', name: logGroupName, remove });
      }
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

type LogGroup = { readonly logGroupName: string; readonly logGroupArn: string };

/** Retained tables. AWS refuses to delete one with deletion protection. */
async function tablesLeft(stage: string): Promise<Leftover[]> {
  const dynamodb = new DynamoDBClient({});
  const prefix = `${stageName(stageSettings({ stage }))}-`;
  const found: Leftover[] = [];
  let after: string | undefined;
  do {
    const page = await dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName: after }));
    for (const TableName of page.TableNames ?? []) {
      if (TableName.startsWith(prefix) && (await isTableOfStage(dynamodb, TableName, stage))) {
        const remove = () => dynamodb.send(new DeleteTableCommand({ TableName }));
        found.push({ kind: 'table', name: TableName, remove });
      }
    }
    after = page.LastEvaluatedTableName;
  } while (after !== undefined);
  return found;
}

async function isTableOfStage(
  dynamodb: DynamoDBClient,
  TableName: string,
  stage: string,
): Promise<boolean> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  const { Tags = [] } = await dynamodb.send(
    new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn }),
  );
  return isOfStage(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])), stage);
}

/** Whether a resource has the tags that the stack gives to all of its resources. */
function isOfStage(tags: Readonly<Record<string, string | undefined>>, stage: string): boolean {
  return tags.application === 'baton' && tags.stage === stage;
}
