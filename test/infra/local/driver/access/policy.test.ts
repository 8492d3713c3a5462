import { describe, expect, it } from 'vitest';
import {
  evaluatePolicy,
  type PolicyRequest,
  type Statement,
} from '../../../../../infra/local/driver/access/policy.ts';

const publish: PolicyRequest = {
  principal: 'service:cloudwatch.amazonaws.com',
  action: 'sns:Publish',
  resource: 'arn:topic',
  context: { 'aws:SecureTransport': 'true', 'aws:SourceArn': 'arn:alarm:baton-alice-a' },
};
const allow = (more: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Action: 'sns:Publish',
  Resource: 'arn:topic',
  ...more,
});
const deny = (more: Partial<Statement> = {}): Statement => ({
  ...allow(more),
  Effect: 'Deny',
  Principal: '*',
});
const plain = { Bool: { 'aws:SecureTransport': 'false' } };

describe('a policy', () => {
  it.each<[string, readonly Statement[], string]>([
    ['that says nothing allows nothing', [], 'implicit deny'],
    ['with one Allow allows it', [allow()], 'allowed'],
    [
      'with only a Deny of plain calls allows nothing',
      [deny({ Condition: plain })],
      'implicit deny',
    ],
    [
      'with a Deny of plain calls lets others through',
      [allow(), deny({ Condition: plain })],
      'allowed',
    ],
    ['with a Deny that applies denies, whatever allows', [allow(), deny()], 'explicit deny'],
    [
      'for somebody else',
      [allow({ Principal: { Service: 'sns.amazonaws.com' } })],
      'implicit deny',
    ],
    ['for everybody', [allow({ Principal: { AWS: '*' } })], 'allowed'],
    ['for another action', [allow({ Action: ['sns:Subscribe'] })], 'implicit deny'],
    ['for actions with a wildcard', [allow({ Action: 'sns:Pub*' })], 'allowed'],
    ['for another resource', [allow({ Resource: 'arn:topic2' })], 'implicit deny'],
    [
      'for a source that is listed',
      [
        allow({
          Condition: { ArnEquals: { 'aws:SourceArn': ['arn:b', 'arn:alarm:baton-alice-a'] } },
        }),
      ],
      'allowed',
    ],
    [
      'for a source that is not',
      [allow({ Condition: { ArnLike: { 'aws:SourceArn': 'arn:alarm:baton-bob-*' } } })],
      'implicit deny',
    ],
    [
      'with two conditions needs both',
      [
        allow({
          Condition: {
            ArnLike: { 'aws:SourceArn': '*' },
            StringEquals: { 'aws:SourceAccount': '1' },
          },
        }),
      ],
      'implicit deny',
    ],
    ['for the action in capitals', [allow({ Action: 'SNS:PUBLISH' })], 'allowed'],
    ['for the resource in capitals', [allow({ Resource: 'ARN:TOPIC' })], 'implicit deny'],
    ['for one character that is not said', [allow({ Resource: 'arn:top?c' })], 'allowed'],
    [
      'whose characters mean something to others',
      [allow({ Resource: 'arn.topic' })],
      'implicit deny',
    ],
  ])('%s', (_, statements, verdict) => {
    expect(evaluatePolicy(statements, publish)).toBe(verdict);
  });

  const table = 'arn:aws:dynamodb:local:000000000000:table/t';
  const query = (resource: string): PolicyRequest => ({
    action: 'dynamodb:Query',
    resource,
    context: {},
  });
  it.each<[string, string | string[], string, string]>([
    ['the table alone', table, `${table}/index/gsi1`, 'implicit deny'],
    ['an index', `${table}/index/gsi1`, `${table}/index/gsi1`, 'allowed'],
    ['an index', `${table}/index/gsi1`, table, 'implicit deny'],
    ['another index', `${table}/index/gsi2`, `${table}/index/gsi1`, 'implicit deny'],
    ['every index', `${table}/index/*`, `${table}/index/gsi2`, 'allowed'],
    ['every index', `${table}/index/*`, table, 'implicit deny'],
    ['the table and an index', [table, `${table}/index/gsi1`], table, 'allowed'],
  ])('of a role that names %s, for %s', (_, Resource, resource, verdict) => {
    const statement: Statement = { Effect: 'Allow', Action: ['dynamodb:Query'], Resource };
    expect(evaluatePolicy([statement], query(resource))).toBe(verdict);
  });

  it.each<[string, object, string]>([
    [
      'an operator',
      { Condition: { StringNotEquals: { 'aws:SourceArn': 'x' } } },
      'Unsupported condition operator in a policy: StringNotEquals',
    ],
    [
      'an operator for a key that the request does not carry',
      { Condition: { DateLessThan: { 'aws:CurrentTime': 'x' } } },
      'Unsupported condition operator in a policy: DateLessThan',
    ],
    [
      'an operator of another quantity',
      { Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'x' } } },
      'Unsupported condition operator in a policy: ForAnyValue:StringEquals',
    ],
    ['an element', { NotAction: 'sns:*' }, 'Unsupported elements of a policy statement: NotAction'],
  ])('with %s that the evaluator does not know is not guessed at', (_, more, message) => {
    expect(() => evaluatePolicy([allow(more)], publish)).toThrow(message);
  });
});
