import type { WorldInput } from '../../../infra/world/schema.ts';
import { smallWorld } from '../../support/world.ts';

const integration = (id: string, organization: string) => ({
  id,
  organization,
  provider: 'github' as const,
  name: `GitHub of ${organization}`,
  baseUrl: 'https://api.github.com',
  secretRef: `local/github-${id}`,
  config: { sync_forward_assignment: true },
});

/**
 * Acme, which asks, and globex with one of each thing; what acme has of its own is nowhere in the
 * way.
 */
export const strangersWorld = {
  ...smallWorld,
  users: smallWorld.users.map((user) =>
    user.username === 'dave'
      ? { ...user, emails: [{ email: 'dave@globex.com', isPrimary: true, isVerified: true }] }
      : user,
  ),
  teams: smallWorld.teams.map((team) =>
    team.slug === 'ops' ? { ...team, slug: 'opsteam' } : team,
  ),
  projects: smallWorld.projects.map((project) =>
    project.slug === 'plant' ? { ...project, teams: ['opsteam'] } : project,
  ),
  assignments: [{ group: '901', assignedTo: 'user:14' }],
  bookmarks: [{ group: '901', user: '14' }],
  subscriptions: [{ group: '901', user: '14', reason: 'assigned', isActive: true }],
  owners: [{ group: '901', type: 'ownershipRule', owner: 'team:29', rule: 'path:x' }],
  ownership: [{ project: '39', raw: 'path:x #opsteam' }],
  codeowners: [{ project: '39', raw: '*.py dave@globex.com' }],
  integrations: [integration('501', 'acme'), integration('502', 'globex')],
  externalActors: [
    { integration: '502', user: '14', externalId: 'dave-id', externalName: '@dave-hub' },
    { integration: '502', team: '29', externalId: 'ops-id', externalName: '@globex-hub/ops' },
  ],
  links: [{ group: '901', integration: '502', key: 'globex/plant#1' }],
} satisfies WorldInput;
