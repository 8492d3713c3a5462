import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProjectWithTeams } from '../../../shared/domain/projects/project.ts';
import {
  type CopiedSettings,
  decideProjectUpdate,
  hasChanges,
  type ProjectUpdate,
} from '../../../shared/domain/projects/project-update.ts';
import { project } from '../../support/builders.ts';

const before: ProjectWithTeams = {
  project: project({ options: { a: 1, b: { x: 1, y: 2 } }, version: 4 }),
  teamIds: ['21', '22'],
};

describe('an update of a project', () => {
  it.each<[string, ProjectUpdate, Record<string, unknown>]>([
    ['a new name', { name: 'Store' }, { name: ['Shop', 'Store'] }],
    ['a new slug', { slug: 'store' }, { slug: ['shop', 'store'] }],
    ['no platform any more', { platform: null }, { platform: ['python', null] }],
    [
      'an option more',
      { options: { c: 3 } },
      { options: [before.project.options, { ...before.project.options, c: 3 }] },
    ],
    [
      'an option less',
      { options: { a: null } },
      { options: [before.project.options, { b: { x: 1, y: 2 } }] },
    ],
  ])('tells of %s, old and new, one version up', (_, update, changed) => {
    const changes = decideProjectUpdate(before, update, null);
    expect(changes.changed).toEqual(changed);
    expect(changes.project.version).toBe(5);
  });

  it.each<[string, ProjectUpdate]>([
    ['nothing', {}],
    ['what is so already', { name: 'Shop', slug: 'shop', platform: 'python' }],
    ['the options that there are, in another order', { options: { b: { y: 2, x: 1 }, a: 1 } }],
    ['to remove an option that is not there', { options: { z: null } }],
    ['a team that is there', { attach: ['22'] }],
    ['to take off a team that is not there', { detach: ['29'] }],
    ['the teams that there are', { teamIds: ['22', '21'] }],
  ])('changes nothing, and no version, where it asks for %s', (_, update) => {
    const changes = decideProjectUpdate(before, update, null);
    expect(hasChanges(changes)).toBe(false);
    expect(changes.project).toBe(before.project);
  });

  it.each<
    [string, ProjectUpdate, CopiedSettings | null, { attached: string[]; detached: string[] }]
  >([
    ['attaches', { attach: ['23'] }, null, { attached: ['23'], detached: [] }],
    ['detaches', { detach: ['21'] }, null, { attached: [], detached: ['21'] }],
    ['replaces', { teamIds: ['23', '22', '23'] }, null, { attached: ['23'], detached: ['21'] }],
    ['removes all', { teamIds: [] }, null, { attached: [], detached: ['21', '22'] }],
    ['copies', {}, { options: {}, teamIds: ['22', '24'] }, { attached: ['24'], detached: ['21'] }],
    [
      'says more than it copies',
      { teamIds: ['21'] },
      { options: {}, teamIds: ['24'] },
      { attached: [], detached: ['22'] },
    ],
  ])('%s teams', (_, update, copied, expected) => {
    expect(decideProjectUpdate(before, update, copied)).toMatchObject(expected);
  });

  it('puts its own options over those that it copies, which replace all that there were', () => {
    const copied = { options: { c: 1, d: 1 }, teamIds: before.teamIds };
    const changes = decideProjectUpdate(before, { options: { d: 2 } }, copied);
    expect(changes.project.options).toEqual({ c: 1, d: 2 });
  });

  it('asked for twice changes something at most once', () => {
    const update: fc.Arbitrary<ProjectUpdate> = fc.record(
      {
        name: fc.constantFrom('Shop', 'Store'),
        slug: fc.constantFrom('shop', 'store'),
        platform: fc.constantFrom('python', 'go', null),
        options: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.jsonValue({ maxDepth: 2 })),
        teamIds: fc.uniqueArray(fc.constantFrom('21', '22', '23')),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(update, (asked) => {
        const { project: after, teamIds } = decideProjectUpdate(before, asked, null);
        const again = decideProjectUpdate({ project: after, teamIds }, asked, null);
        expect(hasChanges(again)).toBe(false);
      }),
    );
  });
});
