import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actorFromText, formatActor, parseActorInput } from '../../shared/domain/actor.ts';
import { DomainError } from '../../shared/domain/errors.ts';

const user = (id: string) => ({ kind: 'actor', actor: { type: 'user', id } });

describe('parseActorInput', () => {
  it.each([
    ['null is nobody', null, { kind: 'nobody' }],
    ['the empty text is nobody', '', { kind: 'nobody' }],
    ['zero is nobody', 0, { kind: 'nobody' }],
    ['a whole number is a user', 1231, user('1231')],
    ['a text of digits is a user', '1231', user('1231')],
    ['leading zeros do not make another user', '0012', user('12')],
    ['user:id is a user', 'user:1231', user('1231')],
    ['team:id is a team', 'team:1231', { kind: 'actor', actor: { type: 'team', id: '1231' } }],
    ['team:slug is a team by its slug', 'team:core-2', { kind: 'team', slug: 'core-2' }],
    ['an address is looked up', 'Bob@Acme.io', { kind: 'login', login: 'bob@acme.io' }],
    ['a user name is looked up', 'bob', { kind: 'login', login: 'bob' }],
    ['a hash sign makes no team', '#core', { kind: 'login', login: '#core' }],
    ['the text "0" is user 0, not nobody', '0', user('0')],
  ])('%s', (_, value, expected) => {
    expect(parseActorInput(value)).toEqual(expected);
  });

  it.each([
    ['a team without a name', 'team:'],
    ['a team with what is no slug', 'team:The Core'],
    ['a team behind a hash sign', 'team:#core'],
    ['a user without a number', 'user:'],
    ['a team with too much behind it', 'team:1:2'],
    ['a fraction', 1.5],
    ['a negative number', -1],
    ['a number that JSON cannot hold exactly', 2 ** 53],
    ['true', true],
    ['false', false],
    ['a list', [11]],
    ['an object', { type: 'user', id: '11' }],
    ['blanks', '   '],
  ])('refuses %s', (_, value) => {
    expect(() => parseActorInput(value)).toThrow(DomainError);
    try {
      parseActorInput(value);
    } catch (error) {
      expect((error as DomainError).fields).toEqual({
        assignedTo: [
          'Could not parse actor. Format should be `type:id` where type is `team` or `user`.',
        ],
      });
    }
  });

  it('never throws anything but a DomainError, whatever JSON holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          parseActorInput(value);
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
        }
      }),
    );
  });
});

it('the text form of an actor reads back as the same actor', () => {
  fc.assert(
    fc.property(fc.constantFrom('user' as const, 'team' as const), fc.nat(), (type, number) => {
      const actor = { type, id: String(number) };
      expect(actorFromText(formatActor(actor))).toEqual(actor);
    }),
  );
});
