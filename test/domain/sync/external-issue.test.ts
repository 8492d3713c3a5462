import { describe, expect, it } from 'vitest';
import { samePerson, traitsOf } from '../../../shared/domain/sync/external-issue.ts';

const many = traitsOf('github');
const one = traitsOf('jira');

describe('two records mean one account', () => {
  const hubot = { externalId: '2', externalName: '@hubot' };
  it.each([
    [
      'by id, whatever the login has become',
      { externalId: '2', externalName: 'renamed' },
      many,
      true,
    ],
    [
      'by login, with or without @ and in any case',
      { externalId: '7', externalName: 'HuBot' },
      many,
      true,
    ],
    [
      'not by a name that people may share',
      { externalId: '7', externalName: '@hubot' },
      one,
      false,
    ],
    ['not by an empty id', { externalId: '', externalName: 'mona' }, many, false],
    ['not otherwise', { externalId: '7', externalName: 'mona' }, many, false],
  ])('%s', (_, other, traits, same) => {
    expect(samePerson(hubot, other, traits)).toBe(same);
    expect(samePerson(other, hubot, traits)).toBe(same);
  });

  it('an id that is unknown on both sides matches nobody', () => {
    const nameless = { externalId: '', externalName: '' };
    expect(samePerson(nameless, nameless, many)).toBe(false);
  });
});
