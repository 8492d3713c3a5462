import { beforeAll, describe, expect, it } from 'vitest';
import { FAULTS, type Fault } from '../support/template-faults.ts';
import { type Resource, readTemplate, synthesize, type Template, target } from './template.ts';

const stages = ['alice', 'staging', 'prod'] as const;
const faults = Object.keys(FAULTS) as Fault[];

let templates: Record<(typeof stages)[number], Template>;

beforeAll(() => {
  templates = {
    alice: synthesize('alice'),
    staging: synthesize('staging'),
    prod: synthesize('prod'),
  };
});

describe.each(stages)('the template of %s', (stage) => {
  it.each(faults)('has no sign of %s', (fault) => {
    expect(FAULTS[fault](templates[stage])).toEqual([]);
  });
});

type Properties = Resource['Properties'];

/** The first resource of a type, or the first that fits. */
function first(
  template: Template,
  type: string,
  fits: (properties: Properties) => boolean = () => true,
): Properties {
  const found = template.all(type).find(([, properties]) => fits(properties));
  return found?.[1] ?? expect.fail(`no ${type}`);
}

const firstOperation = (template: Template): Properties => {
  const { paths } = template.only('AWS::ApiGateway::RestApi').Properties.Body;
  return Object.values<Properties>(Object.values<Properties>(paths)[0])[0];
};

const fifoMapping = (template: Template) =>
  first(template, 'AWS::Lambda::EventSourceMapping', ({ EventSourceArn }) =>
    target(EventSourceArn).startsWith('syncoutbound'),
  );

/** How each fault is put into a template that has none. */
const INJECTED: Record<Fault, (template: Template) => void> = {
  'an action that IAM does not know': (template) => {
    first(template, 'AWS::IAM::Policy').PolicyDocument.Statement[0].Action = 'dynamodb:GetItems';
  },
  'a service that IAM does not know': (template) => {
    first(template, 'AWS::IAM::Policy').PolicyDocument.Statement[0].Action = 'dynamo:GetItem';
  },
  'a variable that Lambda keeps for itself': (template) => {
    first(template, 'AWS::Lambda::Function').Environment.Variables.AWS_REGION = 'eu-west-1';
  },
  'a batching window on a FIFO queue': (template) => {
    fifoMapping(template).MaximumBatchingWindowInSeconds = 1;
  },
  'a key of the table that is not declared, or declared and no key': (template) => {
    first(template, 'AWS::DynamoDB::GlobalTable').AttributeDefinitions.pop();
  },
  'a mapping of a stream that the table does not have': (template) => {
    delete first(template, 'AWS::DynamoDB::GlobalTable').StreamSpecification;
  },
  'an engine of the cache that is not valkey, which costs fifteen times as much or does not exist':
    (template) => {
      first(template, 'AWS::ElastiCache::ServerlessCache').Engine = 'valky';
    },
  'a name of the cache that ElastiCache refuses': (template) => {
    first(template, 'AWS::ElastiCache::ServerlessCache').ServerlessCacheName = 'a'.repeat(41);
  },
  'a user of the cache whose id is not its name, which IAM does not let in': (template) => {
    first(template, 'AWS::ElastiCache::User').UserId = 'another';
  },
  'a function told another user or cache than there is': (template) => {
    first(template, 'AWS::Lambda::Function', ({ Environment }) =>
      Boolean(Environment.Variables.BATON_CACHE_USER),
    ).Environment.Variables.BATON_CACHE_USER = 'another';
  },
  'a path that API Gateway does not take': (template) => {
    const { paths } = template.only('AWS::ApiGateway::RestApi').Properties.Body;
    paths['/0/{broken'] = { get: firstOperation(template) };
  },
  'an integration that may take longer than the gateway waits': (template) => {
    firstOperation(template)['x-amazon-apigateway-integration'].timeoutInMillis = 30_000;
  },
  'a function that the gateway may not invoke': (template) => {
    const { Resources } = template.document;
    const [id] = template.all('AWS::Lambda::Permission')[0] ?? expect.fail('no permission');
    delete Resources[id];
  },
};

describe('the finder of', () => {
  it.each(faults)('%s finds it in a template that has it', (fault) => {
    const broken = readTemplate(structuredClone(templates.alice.document));
    INJECTED[fault](broken);
    expect(FAULTS[fault](readTemplate(broken.document))).not.toEqual([]);
  });
});
