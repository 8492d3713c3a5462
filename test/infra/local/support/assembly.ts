import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small app: what matters for a test; a table, a bus and an API are always there. */
export type AppInput = {
  /** Source of each function's module, by logical id; it exports `handler`. */
  functions: Record<string, string>;
  /** Properties of a function beside its code. */
  properties?: Record<string, Record<string, unknown>>;
  /** What a function's role says; by default it may do everything. */
  statements?: Record<string, readonly object[]>;
  /** Paths of the API's document; `invoke('Name')` makes a method. */
  paths?: Record<string, unknown>;
  /** More of the API's document. */
  document?: Record<string, unknown>;
  resources?: Record<string, unknown>;
};

/** A folder in which an app lies as the CDK would have synthesized it. */
export async function writeAssembly(input: AppInput): Promise<{ folder: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-test-app-'));
  const files: Record<string, unknown> = {};
  for (const [name, source] of Object.entries(input.functions)) {
    await mkdir(join(folder, `asset.${name}`));
    await writeFile(join(folder, `asset.${name}`, 'index.mjs'), source);
    files[name] = {
      source: { path: `asset.${name}`, packaging: 'zip' },
      destinations: { here: { bucketName: 'assets', objectKey: `${name}.zip` } },
    };
  }
  const json = (file: string, value: unknown) =>
    writeFileSync(join(folder, file), JSON.stringify(value));
  json('manifest.json', {
    artifacts: {
      'app.assets': { type: 'cdk:asset-manifest', properties: { file: 'app.assets.json' } },
      app: { type: 'aws:cloudformation:stack', properties: { templateFile: 'app.template.json' } },
    },
  });
  json('app.assets.json', { files });
  json('app.template.json', template(input));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The template of such an app. */
export function template({
  functions,
  properties,
  paths,
  document,
  resources,
  statements,
}: AppInput) {
  const functionResources = Object.keys(functions).map((name) => [
    name,
    {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: 'assets', S3Key: `${name}.zip` },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Timeout: 10,
        Role: { 'Fn::GetAtt': [`${name}Role`, 'Arn'] },
        ...properties?.[name],
      },
    },
  ]);
  return {
    Resources: {
      Table: {
        Type: 'AWS::DynamoDB::GlobalTable',
        Properties: {
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
          StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        },
      },
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'the-bus' } },
      Api: {
        Type: 'AWS::ApiGateway::RestApi',
        Properties: { Body: { openapi: '3.0.1', paths: paths ?? {}, ...document } },
      },
      Stage: {
        Type: 'AWS::ApiGateway::Stage',
        Properties: { StageName: 'api', RestApiId: { Ref: 'Api' } },
      },
      SchedulerRole: role([{ Effect: 'Allow', Action: '*', Resource: '*' }]),
      ...Object.fromEntries(functionResources),
      ...Object.fromEntries(
        Object.keys(functions).map((name) => [
          `${name}Role`,
          role(statements?.[name] ?? [{ Effect: 'Allow', Action: '*', Resource: '*' }]),
        ]),
      ),
      ...resources,
    },
  };
}

/** A role with a policy of its own. */
export function role(statements: readonly object[], more: Record<string, unknown> = {}) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {},
      Policies: [{ PolicyName: 'Own', PolicyDocument: { Statement: statements } }],
      ...more,
    },
  };
}

/** A method of the API that a function answers. */
export function invoke(name: string, more: Record<string, unknown> = {}, integration = {}) {
  return {
    ...more,
    'x-amazon-apigateway-integration': {
      type: 'aws_proxy',
      httpMethod: 'POST',
      uri: invocationUri(name),
      ...integration,
    },
  };
}

/** How an API names a function. */
export function invocationUri(name: string) {
  return {
    'Fn::Sub': [
      'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${arn}/invocations',
      { arn: { 'Fn::GetAtt': [name, 'Arn'] } },
    ],
  };
}

/** A function's mapping from the table's stream. */
export function streamMapping(name: string, more: Record<string, unknown> = {}) {
  return {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
      FunctionName: { Ref: name },
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ...more,
    },
  };
}

/** A function's mapping from a queue. */
export function queueMapping(queue: string, name: string, more: Record<string, unknown> = {}) {
  return {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': [queue, 'Arn'] },
      FunctionName: { Ref: name },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ...more,
    },
  };
}

/** Source for functions that call AWS without an SDK: `call(url, target, body)`. */
export const AWS_CALL = `
const call = async (url, target, body) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-security-token': process.env.AWS_SESSION_TOKEN,
      'x-amz-date': '20250101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20250101/local/a/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
};
`;
