import { describe, expect, it } from 'vitest';
import {
  type Caller,
  hasScope,
  nobody,
  requireOrganization,
  requireScope,
  type Scope,
} from '../../shared/http/access.ts';
import { authorization } from '../../shared/http/authorization.ts';

const caller: Caller = {
  tokenId: 't1',
  userId: null,
  organizations: [
    { id: '1', slug: 'acme' },
    { id: '2', slug: '1' },
  ],
  scopes: ['event:write', 'org:read'],
};

describe('scopes', () => {
  it.each<[string, Scope, boolean]>([
    ['event:admin', 'event:read', true],
    ['event:admin', 'event:write', true],
    ['event:admin', 'event:admin', true],
    ['event:write', 'event:read', true],
    ['event:write', 'event:admin', false],
    ['event:read', 'event:write', false],
    ['project:admin', 'event:read', false],
    ['', 'event:read', false],
  ])('a token with %j asked for %s: %s', (granted, wanted, expected) => {
    expect(hasScope({ scopes: [granted] }, wanted)).toBe(expected);
  });

  it('are met by any one of several', () => {
    expect(() => requireScope(caller, 'event:admin', 'org:read')).not.toThrow();
    expect(() => requireScope(caller, 'event:admin', 'org:write')).toThrow(
      'You do not have permission to perform this action.',
    );
  });
});

describe('organizations of a caller', () => {
  it('are found by slug before id', () => {
    expect(requireOrganization(caller, 'acme').id).toBe('1');
    expect(requireOrganization(caller, '1').id).toBe('2');
    expect(requireOrganization(caller, '2').id).toBe('2');
  });

  it.each(['globex', '3', '', 'ACME'])('are not there beyond the token: %j', (named) => {
    expect(() => requireOrganization(caller, named)).toThrow(
      'The requested resource does not exist',
    );
    expect(() => requireOrganization(nobody, named)).toThrow(
      'The requested resource does not exist',
    );
  });
});

describe('the authorizer’s answer', () => {
  const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abc123/api/GET/0/issues/101';
  const everyRoute = 'arn:aws:execute-api:eu-west-1:123456789012:abc123/api/*';

  it('lets a token into every route, with a context of nothing but text', () => {
    const token = {
      id: 't1',
      userId: null,
      organizations: [{ id: '1', slug: 'acme', membershipId: null }],
      scopes: ['event:write', 'org:read'],
    };
    expect(authorization(token, methodArn)).toEqual({
      principalId: 't1',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: everyRoute }],
      },
      context: {
        tokenId: 't1',
        userId: '',
        organizations: '[{"id":"1","slug":"acme"}]',
        scopes: 'event:write org:read',
      },
    });
  });

  it('keeps an unknown token out of every route', () => {
    expect(authorization(undefined, methodArn).policyDocument.Statement).toEqual([
      { Action: 'execute-api:Invoke', Effect: 'Deny', Resource: everyRoute },
    ]);
  });
});
