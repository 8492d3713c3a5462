import { describe, expect, it } from 'vitest';
import {
  environmentOf,
  MOST_ENVIRONMENTS,
  rememberEnvironments,
} from '../../shared/domain/environments.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `e${index}`);

describe('the environment of an event', () => {
  it.each<[string, Record<string, unknown>, string | null]>([
    ['its own', { environment: 'prod' }, 'prod'],
    ['the tag', { tags: [['environment', 'staging']] }, 'staging'],
    ['the tag of an object', { tags: { environment: 'staging' } }, 'staging'],
    ['its own before the tag', { environment: 'prod', tags: { environment: 'staging' } }, 'prod'],
    ['the tag where its own is blank', { environment: ' ', tags: { environment: 'qa' } }, 'qa'],
    ['the text of a number', { tags: [['environment', 7]] }, '7'],
    ['what is left without spaces', { environment: ' prod ' }, 'prod'],
    ['64 characters', { environment: 'x'.repeat(64) }, 'x'.repeat(64)],
    ['none that is longer', { environment: 'x'.repeat(65) }, null],
    ['none where it is no text', { environment: { name: 'prod' } }, null],
    ['none of broken tags', { tags: [null, 'environment', ['environment']] }, null],
    ['none where it says nothing', {}, null],
  ])('is %s', (_, event, expected) => {
    expect(environmentOf(event)).toBe(expected);
  });
});

describe('what an issue remembers', () => {
  it.each<[string, string[], string[], string[]]>([
    ['the first', [], ['prod', 'qa', 'prod'], ['prod', 'qa']],
    ['what is new, behind what is known', ['prod'], ['qa', 'prod'], ['prod', 'qa']],
    ['the first 50', names(49), ['a', 'b'], [...names(49), 'a']],
    ['no more than 50', names(50), ['a'], names(50)],
  ])('is %s', (_, known, seen, expected) => {
    expect(rememberEnvironments(known, seen)).toEqual(expected);
  });

  it('is the same list where nothing is new, so that nothing is written', () => {
    const known = names(MOST_ENVIRONMENTS);
    expect(rememberEnvironments(known, ['e3', 'another'])).toBe(known);
    expect(rememberEnvironments(known, [])).toBe(known);
  });
});
