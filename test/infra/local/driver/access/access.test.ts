import { describe, expect, it } from 'vitest';
import { createAccess } from '../../../../../infra/local/driver/access/access.ts';
import type { Statement } from '../../../../../infra/local/driver/access/policy.ts';

const get = { action: 'dynamodb:GetItem', resource: 'arn:t' };
const put = { action: 'dynamodb:PutItem', resource: 'arn:t' };
const both: Statement = {
  Effect: 'Allow',
  Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
  Resource: ['arn:t', 'arn:u'],
};

function accessWith(...statements: Statement[]) {
  const lines: string[] = [];
  const access = createAccess((line) => lines.push(line));
  access.add({ keyId: 'fn', principal: 'arn:role/fn', statements });
  return { access, lines };
}

describe('a caller', () => {
  it('may do what its role allows, and all of a call has to be allowed', () => {
    const { access } = accessWith({ ...both, Action: 'dynamodb:GetItem' });
    expect(access.check('fn', [get])).toBeUndefined();
    expect(access.check('fn', [get, put])).toMatchObject({
      code: 'AccessDeniedException',
      status: 400,
      message:
        'User: arn:role/fn is not authorized to perform: dynamodb:PutItem on resource: arn:t ' +
        'because no identity-based policy allows the dynamodb:PutItem action',
    });
  });

  it('is told that a statement denies it', () => {
    const { access } = accessWith(both, { ...both, Effect: 'Deny', Action: 'dynamodb:Put*' });
    expect(access.check('fn', [get])).toBeUndefined();
    expect(access.check('fn', [put])?.message).toBe(
      'User: arn:role/fn is not authorized to perform: dynamodb:PutItem on resource: arn:t ' +
        'with an explicit deny in an identity-based policy',
    );
  });

  it.each([undefined, 'local', 'somebody'])('without a role (%s) may do everything', (keyId) => {
    expect(accessWith().access.check(keyId, [get, put])).toBeUndefined();
  });

  it.each<[string, object, string]>([
    [
      'an operator',
      { Condition: { DateEquals: { x: '1' } } },
      'Unsupported condition operator in a policy',
    ],
    ['an element', { NotResource: 'x' }, 'Unsupported elements of a policy statement'],
    [
      'a key that no call carries',
      { Condition: { StringEquals: { 'aws:SourceVpc': 'v' } } },
      'Unsupported condition keys in a policy: aws:SourceVpc',
    ],
  ])('gets no role with %s that cannot be evaluated', (_, more, message) => {
    expect(() => accessWith({ ...both, ...more })).toThrow(message);
  });

  it('calls over TLS', () => {
    const Condition = { Bool: { 'aws:SecureTransport': 'true' } };
    const { access } = accessWith({ ...both, Condition });
    expect(access.check('fn', [get])).toBeUndefined();
  });
});

describe('the account', () => {
  it('says of each permission whether it was used', () => {
    const { access } = accessWith(both);
    access.check('fn', [get]);
    access.check('fn', [{ ...put, resource: 'arn:u' }]);
    const used = access.grants().filter((grant) => grant.used);
    expect(access.grants()).toHaveLength(4);
    expect(used).toEqual([
      { caller: 'fn', action: 'dynamodb:GetItem', resource: 'arn:t', used: true },
      { caller: 'fn', action: 'dynamodb:PutItem', resource: 'arn:u', used: true },
    ]);
  });

  it('says each refusal once, and remembers a bounded number', () => {
    const { access, lines } = accessWith(both);
    const asks = Array.from({ length: 1_200 }, (_, at) => ({ ...get, resource: `arn:${at}` }));
    for (const ask of [...asks, ...asks]) {
      access.check('fn', [ask]);
    }
    expect(access.refusals()).toHaveLength(1_000);
    expect(lines[0]).toContain('dynamodb:GetItem on resource: arn:0 ');
    expect(access.refusals()[0]).toMatchObject({ caller: 'fn', resource: 'arn:0' });
  });
});
