import { describe, expect, it } from 'vitest';
import { parseRate } from '../../../../../infra/local/driver/events/schedules.ts';
import { readApi } from '../../../../../infra/local/driver/gateway/openapi.ts';
import { requireSupportedTemplate } from '../../../../../infra/local/driver/template/require-supported-template.ts';
import {
  createResolver,
  type Template,
} from '../../../../../infra/local/driver/template/template.ts';
import { invoke, template } from '../../support/assembly.ts';

describe('a value of the template', () => {
  const resolve = createResolver({
    template: {
      Resources: { Queue: { Type: 'AWS::SQS::Queue' }, Role: { Type: 'AWS::IAM::Role' } },
    },
    pseudoParameters: { 'AWS::Region': 'local', 'AWS::Partition': 'aws' },
    identityOf: (logicalId) =>
      logicalId === 'Queue'
        ? { ref: 'http://queue', attributes: { Arn: 'arn:queue', 'Nested.Name': 'deep' } }
        : undefined,
  });

  it.each<[string, unknown, unknown]>([
    ['a plain value', { a: [1, 'x', null, true] }, { a: [1, 'x', null, true] }],
    ['Ref', { Ref: 'Queue' }, 'http://queue'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'local'],
    ['Ref of no value', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
    ['no value in a list', ['a', { Ref: 'AWS::NoValue' }], ['a']],
    ['Fn::GetAtt with a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:queue'],
    ['Fn::GetAtt with a text', { 'Fn::GetAtt': 'Queue.Nested.Name' }, 'deep'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Queue' }, 3]] }, 'a-http://queue-3'],
    [
      'Fn::Sub',
      { 'Fn::Sub': '${AWS::Partition}/${Queue.Arn}/${Queue}/${!Literal}' },
      'aws/arn:queue/http://queue/${Literal}',
    ],
    [
      'Fn::Sub with names of its own',
      { 'Fn::Sub': ['${name}:${Queue}', { name: { Ref: 'AWS::Region' } }] },
      'local:http://queue',
    ],
    ['a function deep inside', { a: [{ b: { Ref: 'Queue' } }] }, { a: [{ b: 'http://queue' }] }],
  ])('%s is resolved', (_, value, expected) => {
    expect(resolve(value, 'here')).toEqual(expected);
  });

  it.each<[string, unknown, string]>([
    ['another function', { a: { 'Fn::If': ['x', 1, 2] } }, 'here.a: the function Fn::If'],
    ['Fn::ImportValue', { 'Fn::ImportValue': 'x' }, 'here: the function Fn::ImportValue'],
    ['something that is not there', { Ref: 'Nobody' }, 'here.Ref: refers to Nobody, which'],
    ['what does not exist locally', { Ref: 'Role' }, 'refers to Role (AWS::IAM::Role)'],
    ['an unknown attribute', { 'Fn::GetAtt': ['Queue', 'Color'] }, 'the attribute Color of Queue'],
    ['an unknown pseudo parameter', { Ref: 'AWS::Moon' }, 'the pseudo parameter AWS::Moon'],
    ['one inside a text', { a: [{ 'Fn::Sub': 'x${Nobody}' }] }, 'here.a[0].Fn::Sub: refers to'],
    ['a join of an object', { 'Fn::Join': ['', [{ a: 1 }]] }, 'must be a string, not {"a":1}'],
  ])('%s is refused, with its place', (_, value, message) => {
    expect(() => resolve(value, 'here')).toThrow(message);
  });
});

describe('a template', () => {
  const withResource = (resource: object): Template =>
    template({ functions: { Fn: '' }, resources: { Thing: resource } }) as Template;

  it('with what is known is taken', () => {
    const logs = { Type: 'AWS::Logs::LogGroup', Properties: { Anything: true } };
    expect(() => requireSupportedTemplate(withResource(logs))).not.toThrow();
  });

  it.each<[string, object, string]>([
    ['an unknown type', { Type: 'AWS::S3::Bucket' }, 'Resources.Thing: the type AWS::S3::Bucket'],
    ['a custom resource', { Type: 'Custom::Thing' }, 'the type Custom::Thing'],
    [
      'a property that would make a difference',
      { Type: 'AWS::SQS::Queue', Properties: { QueueType: 'odd' } },
      'Resources.Thing.Properties.QueueType: is not supported locally for AWS::SQS::Queue',
    ],
    [
      'layers of a function',
      { Type: 'AWS::Lambda::Function', Properties: { Layers: [] } },
      'Resources.Thing.Properties.Layers',
    ],
    [
      'a rule with a schedule',
      { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression: 'rate(1 day)' } },
      'Resources.Thing.Properties.ScheduleExpression',
    ],
    ['a condition', { Type: 'AWS::SQS::Queue', Condition: 'C' }, 'with a condition'],
  ])('with %s is refused', (_, resource, message) => {
    expect(() => requireSupportedTemplate(withResource(resource))).toThrow(message);
  });

  it('is refused with all its faults at once', () => {
    const faulty = { Type: 'AWS::SQS::Queue', Properties: { One: 1, Two: 2 } };
    expect(() => requireSupportedTemplate(withResource(faulty))).toThrow(/One: .*\n.*Two: /);
  });
});

describe('the document of an API', () => {
  const uri = 'arn:aws:apigateway:local:lambda:path/2015-03-31/functions/arn:fn/invocations';
  const method = (more: object = {}, integration: object = {}) =>
    invoke('Fn', { ...more }, { uri, ...integration });
  const pathsWith = (get: object) => ({ paths: { '/a': { get } } });
  const scheme = (authorizer: object) => ({
    paths: {},
    components: { securitySchemes: { token: { 'x-amazon-apigateway-authorizer': authorizer } } },
  });

  it.each<[string, object, string]>([
    [
      'an extension',
      { paths: {}, 'x-amazon-apigateway-minimum-compression-size': 0 },
      'minimum-compression',
    ],
    ['a validator', pathsWith(method({ 'x-amazon-apigateway-request-validator': 'a' })), '/a.get'],
    ['a mock', pathsWith(method({}, { type: 'mock' })), 'an integration of type mock'],
    ['a key of an integration', pathsWith(method({}, { cacheKeyParameters: [] })), 'cacheKey'],
    ['what invokes no function', pathsWith(method({}, { uri: 'http://a' })), 'http://a does not'],
    ['an unknown scheme', pathsWith(method({ security: [{ other: [] }] })), 'scheme other'],
    ['two schemes', pathsWith(method({ security: [{ a: [] }, { b: [] }] })), 'only one authorizer'],
    ['a token authorizer', scheme({ type: 'token', authorizerUri: uri }), 'of type token'],
    [
      'a source of identity',
      scheme({ type: 'request', authorizerUri: uri, identitySource: 'context.identity.sourceIp' }),
      'context.identity.sourceIp',
    ],
  ])('with %s that is not known is refused', (_, document, message) => {
    expect(() => readApi(document, 'Body')).toThrow(message);
  });
});

describe('a rate', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(15 minutes)', 900_000],
    ['rate(2 hours)', 7_200_000],
    ['rate(1 day)', 86_400_000],
  ])('%s is %i ms', (expression, expected) => {
    expect(parseRate(expression, 'here')).toBe(expected);
  });

  it.each(['cron(0 12 * * ? *)', 'at(2030-01-01T00:00:00)', 'rate(0 minutes)', 'rate(1 week)'])(
    '%s is refused',
    (expression) => {
      expect(() => parseRate(expression, 'here')).toThrow('here: ');
    },
  );
});
