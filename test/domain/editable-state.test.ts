import { describe, expect, it } from 'vitest';
import {
  type EditableIssue,
  stateOfCodeowners,
  stateOfIssue,
  stateOfOwnership,
  stateOfProject,
} from '../../shared/domain/editable-state.ts';
import type { Group } from '../../shared/domain/issues/group.ts';
import { newOwnership } from '../../shared/domain/ownership/project-ownership.ts';
import type { Project } from '../../shared/domain/projects/project.ts';
import { sameValue } from '../../shared/domain/same-value.ts';
import { assignment, group, NOW, project } from '../support/builders.ts';

const issue: EditableIssue = {
  group: group({}),
  shareId: null,
  assignment: null,
  own: { userId: '11', hasSeen: false, isBookmarked: false, subscription: null },
};
const subscription = {
  subscriber: { type: 'user', id: '11' },
  reason: 'unknown',
  isActive: true,
  dateAdded: NOW,
} as const;
const own = issue.own!;
const changed = (change: Partial<Group>): EditableIssue => ({
  ...issue,
  group: { ...issue.group, ...change },
});

describe('what people edit of an issue', () => {
  it.each<[string, EditableIssue]>([
    ['its status', changed({ status: 'resolved' })],
    ['its substatus', changed({ substatus: 'archived_forever' })],
    ['the details of its status', changed({ statusDetails: { inRelease: '1.0' } })],
    ['its priority', changed({ priority: 'low' })],
    ['its review', changed({ inInbox: !issue.group.inInbox })],
    ['its public link', { ...issue, shareId: 'a' }],
    [
      'its assignee',
      { ...issue, assignment: assignment({ assignee: { type: 'team', id: '21' } }) },
    ],
    ['what the caller has seen', { ...issue, own: { ...own, hasSeen: true } }],
    ['the caller’s bookmark', { ...issue, own: { ...own, isBookmarked: true } }],
    ['the caller’s subscription', { ...issue, own: { ...own, subscription } }],
  ])('includes %s', (_, other) => {
    expect(sameValue(stateOfIssue(issue), stateOfIssue(other))).toBe(false);
  });

  it.each<[string, EditableIssue]>([
    ['that it was seen again', changed({ timesSeen: 99, userCount: 9, lastSeen: NOW })],
    ['where it was seen', changed({ environments: ['production'] })],
    ['its version', changed({ statusVersion: 7 })],
    ['who looks, without flags of their own', { ...issue, own: null }],
    [
      'a subscription that was ended',
      { ...issue, own: { ...own, subscription: { ...subscription, isActive: false } } },
    ],
  ])('leaves out %s', (_, other) => {
    expect(sameValue(stateOfIssue(issue), stateOfIssue(other))).toBe(true);
  });
});

describe('what people edit of a project', () => {
  const before = project({});
  const state = (change: Partial<Project>, teamIds = ['21', '22'], isBookmarked = false) =>
    stateOfProject({ project: { ...before, ...change }, teamIds }, isBookmarked);

  it.each<[string, ReturnType<typeof state>]>([
    ['its name', state({ name: 'Other' })],
    ['its slug', state({ slug: 'other' })],
    ['its platform', state({ platform: 'go' })],
    ['its options', state({ options: { 'sentry:resolve_age': 1 } })],
    ['its teams', state({}, ['21'])],
    ['the caller’s bookmark', state({}, ['21', '22'], true)],
  ])('includes %s', (_, other) => {
    expect(sameValue(state({}), other)).toBe(false);
  });

  it.each<[string, ReturnType<typeof state>]>([
    ['how many issues it has numbered', state({ shortIdCounter: 99 })],
    ['its first event', state({ firstEvent: NOW })],
    ['the order of its teams', state({}, ['22', '21'])],
  ])('leaves out %s', (_, other) => {
    expect(sameValue(state({}), other)).toBe(true);
  });
});

describe('what people edit of ownership', () => {
  it('is all of the rules and settings, and when they were saved', () => {
    const saved = newOwnership(NOW);
    const others = [
      null,
      { ...saved, raw: '*:a' },
      { ...saved, fallthrough: false },
      { ...saved, autoAssignment: !saved.autoAssignment },
      { ...saved, codeownersAutoSync: false },
      { ...saved, lastUpdated: '2030-01-01T00:00:00.000Z' },
    ];
    const state = (ownership: typeof saved | null) => stateOfOwnership({ ownership, tests: [] });
    const tests = [{ name: 'a', event: {}, platform: null, expect: null }];
    expect(sameValue(state(saved), stateOfOwnership({ ownership: saved, tests }))).toBe(false);
    for (const other of others) {
      expect(sameValue(state(saved), state(other))).toBe(false);
    }
  });

  it('is the text and the mapping of a CODEOWNERS file', () => {
    const codeMapping = { sourceRoot: '', stackRoot: '' };
    const file = { id: '1', raw: '* @a', codeMapping, dateCreated: NOW, dateUpdated: NOW };
    const others = [
      { ...file, raw: '* @b' },
      { ...file, codeMapping: { ...codeMapping, stackRoot: 'x' } },
    ];
    for (const other of others) {
      expect(sameValue(stateOfCodeowners(file), stateOfCodeowners(other))).toBe(false);
    }
  });
});
