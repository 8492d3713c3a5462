import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseWorld, readWorld } from '../../../infra/world/read.ts';
import { smallWorld } from '../../support/world.ts';

/** What is wrong with `smallWorld` when these nouns are replaced: the lines of the error. */
function complaints(overrides: Record<string, unknown>): string[] {
  try {
    parseWorld({ ...smallWorld, ...overrides }, 'w.json');
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => line.trim());
  }
  return [];
}

const group = { id: '101', project: '31', title: 't' };
const integration = {
  id: '501',
  organization: 'acme',
  provider: 'github',
  name: 'GitHub',
  baseUrl: 'https://api.github.com',
  secretRef: 'local/github-501',
  config: {},
};

describe('a world that is wrong is refused, with the place and what to do', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['a noun that there is not', { gruops: [] }, 'gruops: is not a key of a world; its keys are'],
    [
      'a key that an entry does not have',
      { groups: [{ ...group, titel: 't' }] },
      'groups[0].titel: is not a key of a group; its keys are id, project, title, shortId',
    ],
    [
      'a key below an entry',
      { users: [{ ...smallWorld.users[0], emails: [{ email: 'a@b.c', isPrimary: true }] }] },
      'users[0].emails[0].isVerified: is missing; an address needs it',
    ],
    ['a missing key', { groups: [{ id: '1', project: '31' }] }, 'groups[0].title: is missing'],
    ['an id that is a number', { groups: [{ ...group, id: 101 }] }, 'like "101" (got 101)'],
    ['an id with a leading zero', { groups: [{ ...group, id: '0101' }] }, 'groups[0].id: must be'],
    ['an id beyond 2^53', { groups: [{ ...group, id: '9007199254740993' }] }, 'must be below 2^53'],
    [
      'a slug of digits',
      { organizations: [{ ...smallWorld.organizations[0], slug: '12' }] },
      'organizations[0].slug: must be a slug',
    ],
    [
      'a day of no calendar',
      { groups: [{ ...group, lastSeen: '2026-02-30T00:00:00Z' }] },
      'calendar',
    ],
    ['a time without a zone', { groups: [{ ...group, lastSeen: '2026-02-03T00:00:00' }] }, 'zone'],
    [
      'a status',
      { groups: [{ ...group, status: 'muted' }] },
      'groups[0].status: must be one of unresolved',
    ],
    [
      'a substatus of another status',
      { groups: [{ ...group, status: 'resolved', substatus: 'ongoing' }] },
      'groups[0].substatus: "ongoing" goes with the status "unresolved" only',
    ],
    [
      'a group first seen after it was last seen',
      {
        groups: [
          { ...group, firstSeen: '2026-02-03T00:00:00Z', lastSeen: '2026-02-03T00:30:00+01:00' },
        ],
      },
      'groups[0].firstSeen: is later than lastSeen',
    ],
    [
      'a feature',
      { organizations: [{ ...smallWorld.organizations[0], features: ['fast'] }] },
      'organizations[0].features[0]: must be one of integrations-issue-sync, team-workflow',
    ],
    [
      'a kill switch that is no list of projects',
      {
        organizations: [
          {
            ...smallWorld.organizations[0],
            options: { 'post_process.get-autoassign-owners': true },
          },
        ],
      },
      'organizations[0].options.post_process.get-autoassign-owners: must be a list',
    ],
    [
      'a role',
      { members: [{ organization: 'acme', user: '11', role: 'boss' }] },
      'members[0].role: must be one of owner, manager, admin, member (got "boss")',
    ],
    [
      'a scope',
      { tokens: [{ token: 't', organizations: ['acme'], scopes: ['event:delete'] }] },
      'tokens[0].scopes[0]: must be one of event:read',
    ],
    [
      'a reason',
      { subscriptions: [{ group: '101', user: '11', reason: 'whim', isActive: true }] },
      'subscriptions[0].reason: must be one of unknown, comment',
    ],
    [
      'a subscription of nobody',
      { subscriptions: [{ group: '101', reason: 'comment', isActive: true }] },
      'subscriptions[0]: must name a user or a team, and not both',
    ],
    [
      'an assignee who is no actor',
      { assignments: [{ group: '101', assignedTo: 'alice' }] },
      'assignments[0].assignedTo: must be "user:ID" or "team:ID"',
    ],
    [
      'notification settings',
      {
        notificationSettings: [
          { project: '31', user: '11', alerts: 'often', workflow: 'never', deploy: 'never' },
        ],
      },
      'notificationSettings[0].alerts: must be one of always',
    ],
    [
      'a switch of an integration',
      { integrations: [{ ...integration, config: { sync_forwards: true } }] },
      "integrations[0].config.sync_forwards: is not a key of an integration's config",
    ],
    [
      'a provider',
      { integrations: [{ ...integration, provider: 'trello' }] },
      'integrations[0].provider',
    ],
    [
      'a base URL',
      { integrations: [{ ...integration, baseUrl: 'api.github.com' }] },
      'integrations[0].baseUrl: must be an http or https URL',
    ],
    [
      'a secret of an app without its key',
      { secrets: { 'local/app': { appId: '1', installationId: '2', webhookSecrets: [] } } },
      'secrets.local/app.privateKey: is missing; a secret of a GitHub App needs it',
    ],
    ['no object at all', { teams: ['core'] }, 'teams[0]: must be a team: an object'],
  ])('%s', (_, overrides, expected) => {
    const [first, ...lines] = complaints(overrides);
    expect(first).toBe('The world w.json cannot be loaded:');
    expect(lines.join('\n')).toContain(expected);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'an organization',
      { members: [{ organization: 'umbrella', user: '11', role: 'member' }] },
      'members[0].organization: there is no organization with the slug or id "umbrella"; add it to organizations or correct it',
    ],
    [
      'a user of a team',
      { teams: [{ ...smallWorld.teams[0], members: [{ user: '99', isActive: true }] }] },
      'teams[0].members[0].user: there is no user with the id "99"; add it to users or correct it',
    ],
    [
      'a team of a project, which another organization has',
      { projects: [{ ...smallWorld.projects[0], teams: ['ops'] }] },
      'projects[0].teams[0]: there is no team of "acme" with the slug "ops"; add it to teams or correct it',
    ],
    [
      'the project of a group',
      { groups: [{ ...group, project: '77' }] },
      'groups[0].project: there is no project with the id "77"; add it to projects or correct it',
    ],
    [
      'the group of flags',
      { seen: [{ group: '7', user: '11' }] },
      'seen[0].group: there is no group',
    ],
    [
      'an assignee from another organization',
      { assignments: [{ group: '101', assignedTo: 'team:29' }] },
      'assignments[0].assignedTo: the team "29" belongs to another organization',
    ],
    [
      'the organization of a token',
      { tokens: [{ token: 't', organizations: ['acme', 'x'], scopes: [] }] },
      'tokens[0].organizations[1]: there is no organization',
    ],
    [
      'the project of rules, which are not even loaded yet',
      { ownership: [{ project: '77', raw: '' }] },
      'ownership[0].project: there is no project with the id "77"',
    ],
    [
      'the integration of a link',
      { links: [{ group: '101', integration: '501', key: 'a/b#1' }] },
      'links[0].integration: there is no integration with the id "501"',
    ],
    [
      'an integration of another organization',
      {
        integrations: [{ ...integration, organization: 'globex' }],
        links: [{ group: '101', integration: '501', key: 'a/b#1' }],
      },
      'links[0].integration: the integration "501" belongs to another organization than the group',
    ],
    [
      'a key that is none of its tracker',
      { integrations: [integration], links: [{ group: '101', integration: '501', key: 'SHOP-1' }] },
      'links[0].key: "SHOP-1" is not a key of the tracker. This is not the key of an issue. Write owner/repo#number',
    ],
    [
      'an address of another tracker',
      {
        integrations: [integration],
        links: [{ group: '101', integration: '501', key: 'https://gitlab.com/a/b/-/issues/1' }],
      },
      "This address does not belong to the integration's tracker.",
    ],
  ])('a reference that leads nowhere: %s', (_, overrides, expected) => {
    expect(complaints(overrides).join('\n')).toContain(expected);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'an external issue, once by its key and once by its address',
      {
        integrations: [integration],
        links: ['Octocat/Hello#1', 'https://github.com/octocat/hello/issues/1'].map((key) => ({
          group: '101',
          integration: '501',
          key,
        })),
      },
      'links[1].key: says the same as links[0]',
    ],
    ['an id', { groups: [group, group] }, 'groups[1].id: says the same as groups[0]'],
    [
      'a short id, in whatever case',
      {
        groups: [
          { ...group, shortId: 'SHOP-1' },
          { ...group, id: '102', project: '32', shortId: 'shop-1' },
        ],
      },
      'groups[1].shortId: says the same as groups[0]',
    ],
    [
      'a team slug of one organization, named once by slug and once by id',
      {
        teams: [
          { id: '21', organization: 'acme', slug: 'core', name: 'A', members: [] },
          { id: '22', organization: '1', slug: 'core', name: 'B', members: [] },
        ],
        projects: [],
        groups: [],
      },
      'teams[1].slug: says the same as teams[0]',
    ],
    [
      'an assignment',
      {
        assignments: [
          { group: '101', assignedTo: 'user:11' },
          { group: '101', assignedTo: 'user:12' },
        ],
      },
      'assignments[1].group: says the same as assignments[0]',
    ],
    [
      'a team of one project',
      { projects: [{ ...smallWorld.projects[0], teams: ['core', 'core'] }] },
      'projects[0].teams: names "core" twice',
    ],
  ])('what is said twice: %s', (_, overrides, expected) => {
    expect(complaints(overrides).join('\n')).toContain(expected);
  });

  it('names many mistakes at once, and not endlessly many', () => {
    const groups = Array.from({ length: 50 }, (_, index) => ({ ...group, id: index }));
    const lines = complaints({ groups });
    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe('and 30 more');
  });

  it('says which file it is, when it is not there or not JSON', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baton-world-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'broken.json');
    await writeFile(file, '{"organizations": [');
    await expect(readWorld(file)).rejects.toThrow(`The world ${file} is not JSON: `);
    await expect(readWorld(join(folder, 'none.json'))).rejects.toThrow(/none\.json cannot be read/);
  });
});
