import { describe, expect, it } from 'vitest';
import { evaluatePolicy, type PolicyRequest, type Statement } from '../support/policy.ts';

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
    ['that says nothing allows nothing', [], 'denied by nobody allowing it'],
    ['with one Allow allows it', [allow()], 'allowed'],
    [
      'with only a Deny of plain calls allows nothing',
      [deny({ Condition: plain })],
      'denied by nobody allowing it',
    ],
    [
      'with a Deny of plain calls lets others through',
      [allow(), deny({ Condition: plain })],
      'allowed',
    ],
    [
      'with a Deny that applies denies, whatever allows',
      [allow(), deny()],
      'denied by a statement',
    ],
    [
      'for somebody else',
      [allow({ Principal: { Service: 'sns.amazonaws.com' } })],
      'denied by nobody allowing it',
    ],
    ['for everybody', [allow({ Principal: { AWS: '*' } })], 'allowed'],
    ['for another action', [allow({ Action: ['sns:Subscribe'] })], 'denied by nobody allowing it'],
    ['for actions with a wildcard', [allow({ Action: 'sns:Pub*' })], 'allowed'],
    ['for another resource', [allow({ Resource: 'arn:topic2' })], 'denied by nobody allowing it'],
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
      'denied by nobody allowing it',
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
      'denied by nobody allowing it',
    ],
  ])('%s', (_, statements, verdict) => {
    expect(evaluatePolicy(statements, publish)).toBe(verdict);
  });

  it('with an operator that the evaluator does not know is not guessed at', () => {
    const unknown = allow({ Condition: { StringNotEquals: { 'aws:SourceArn': 'x' } } });
    expect(() => evaluatePolicy([unknown], publish)).toThrow('StringNotEquals');
  });
});
