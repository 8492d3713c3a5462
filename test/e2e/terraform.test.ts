import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningStack } from '../../infra/local/stack.ts';
import { type Answer, type Api, apiOf } from '../support/api.ts';
import { startTestStack } from '../support/app.ts';

/**
 * The calls that Terraform's provider for Sentry makes, resource by resource: what it creates it
 * reads back without a difference, changes, imports by its id alone, deletes, and finds gone.
 */

let stack: RunningStack;
let api: Api;
beforeAll(async () => {
  stack = await startTestStack();
  api = apiOf(stack.url);
});
afterAll(() => stack?.stop());

const ROOT = '/api/0';
type State = Readonly<Record<string, unknown>>;

/** One kind of resource: its calls, and what it keeps of their answers. */
type Resource = {
  readonly create: (plan: State) => Promise<Answer>;
  readonly update: (state: State, plan: State) => Promise<Answer>;
  readonly read: (id: string) => Promise<Answer>;
  readonly remove: (state: State) => Promise<Answer>;
  readonly stateOf: (answer: Answer) => State & { readonly id: string };
  /** The status of the answers to a creation and a removal. */
  readonly statuses: readonly [created: number, removed: number];
};

/** The provider fails where one of these options is no text. */
function text(value: unknown): string {
  expect(typeof value).toBe('string');
  return String(value);
}

const sorted = (slugs: readonly { slug: string }[]) => slugs.map(({ slug }) => slug).sort();

const team: Resource = {
  create: ({ name, slug }) => api.post(`${ROOT}/organizations/acme/teams/`, { name, slug }),
  update: ({ id }, { name, slug }) => api.put(`${ROOT}/teams/acme/${id}/`, { name, slug }),
  read: (id) => api.get(`${ROOT}/teams/acme/${id}/`),
  remove: ({ id }) => api.delete(`${ROOT}/teams/acme/${id}/`),
  stateOf: ({ body: { slug, name, id, hasAccess, isPending, isMember } }) => ({
    ...{ id: slug, slug, name, internalId: id, hasAccess, isPending, isMember },
  }),
  statuses: [201, 204],
};

/** The provider creates with name, slug and platform, and updates with the rest before it reads. */
const project: Resource = {
  async create({ teams, ...plan }) {
    const [first, ...others] = teams as string[];
    const { name, slug, platform } = plan;
    const created = await api.post(`${ROOT}/teams/acme/${first}/projects/`, {
      ...{ name, slug, platform, default_rules: false },
    });
    await api.put(`${ROOT}/projects/acme/${slug}/`, plan);
    for (const { id } of (await api.get(`${ROOT}/projects/acme/${slug}/keys/`)).body) {
      expect((await api.delete(`${ROOT}/projects/acme/${slug}/keys/${id}/`)).status).toBe(204);
    }
    for (const other of others) {
      await api.post(`${ROOT}/projects/acme/${slug}/teams/${other}/`, undefined);
    }
    return { ...(await project.read(String(slug))), status: created.status };
  },
  async update({ id, teams }, plan) {
    const changed = await api.put(`${ROOT}/projects/acme/${id}/`, {
      ...{ name: plan.name, slug: plan.slug, resolveAge: plan.resolveAge, options: plan.options },
    });
    const [before, after] = [teams as string[], plan.teams as string[]];
    for (const added of after.filter((slug) => !before.includes(slug))) {
      await api.post(`${ROOT}/projects/acme/${plan.slug}/teams/${added}/`, undefined);
    }
    for (const removed of before.filter((slug) => !after.includes(slug))) {
      await api.delete(`${ROOT}/projects/acme/${plan.slug}/teams/${removed}/`);
    }
    return { ...(await project.read(String(plan.slug))), status: changed.status };
  },
  read: (id) => api.get(`${ROOT}/projects/acme/${id}/`),
  remove: ({ id }) => api.delete(`${ROOT}/projects/acme/${id}/`),
  stateOf: ({ body }) => ({
    id: body.slug,
    internalId: body.id,
    organization: body.organization.slug,
    teams: sorted(body.teams),
    ...{ name: body.name, slug: body.slug, platform: body.platform },
    ...{ resolveAge: body.resolveAge, digestsMinDelay: body.digestsMinDelay },
    options: Object.fromEntries(
      Object.keys(settings.options).map((name) => [name, text(body.options[name])]),
    ),
    ...{ allowedDomains: body.allowedDomains, scrapeJavaScript: body.scrapeJavaScript },
    ...{ securityToken: body.securityToken, securityTokenHeader: body.securityTokenHeader },
    ...{ verifySSL: body.verifySSL, fingerprintingRules: body.fingerprintingRules },
    ...{ groupingEnhancements: body.groupingEnhancements, highlightTags: body.highlightTags },
  }),
  statuses: [201, 204],
};

const initialOwnership = {
  ...{ raw: '', fallthrough: true },
  ...{ autoAssignment: 'Auto Assign to Issue Owner', codeownersAutoSync: true },
};
const ownership: Resource = {
  create: (plan) => api.put(`${ROOT}/projects/acme/site/ownership/`, plan),
  update: (_, plan) => api.put(`${ROOT}/projects/acme/site/ownership/`, plan),
  read: () => api.get(`${ROOT}/projects/acme/site/ownership/`),
  remove: () => api.put(`${ROOT}/projects/acme/site/ownership/`, initialOwnership),
  stateOf: ({ body: { raw, fallthrough, autoAssignment, codeownersAutoSync } }) => ({
    id: 'acme/site',
    ...{ raw: raw ?? '', fallthrough, autoAssignment, codeownersAutoSync },
  }),
  statuses: [200, 200],
};

const member: Resource = {
  create: ({ email, role }) =>
    api.post(`${ROOT}/organizations/acme/members/`, { email, orgRole: role }),
  /** It says the teams that it has just read, so as not to change them. */
  async update({ id }, { role }) {
    const { teamRoles } = (await api.get(`${ROOT}/organizations/acme/members/${id}/`)).body;
    return api.put(`${ROOT}/organizations/acme/members/${id}/`, { orgRole: role, teamRoles });
  },
  read: (id) => api.get(`${ROOT}/organizations/acme/members/${id}/`),
  remove: ({ id }) => api.delete(`${ROOT}/organizations/acme/members/${id}/`),
  stateOf: ({ body: { id, email, orgRole, pending, expired } }) => ({
    ...{ id, email, role: orgRole, pending, expired },
  }),
  statuses: [201, 204],
};

const KEYS = `${ROOT}/projects/acme/shop/keys/`;
/** Without a limit the provider says one of no events in no time. */
const limited = ({ name, count, window }: State) => ({
  ...{ name, rateLimit: { count: count ?? 0, window: window ?? 0 } },
});
const key: Resource = {
  create: (plan) => api.post(KEYS, limited(plan)),
  update: ({ id }, plan) => api.put(`${KEYS}${id}/`, limited(plan)),
  read: (id) => api.get(`${KEYS}${id}/`),
  remove: ({ id }) => api.delete(`${KEYS}${id}/`),
  stateOf: ({ body }) => ({
    ...{ id: body.id, name: body.name, public: body.public, secret: body.secret },
    ...{ count: body.rateLimit?.count ?? null, window: body.rateLimit?.window ?? null },
    ...{ projectId: String(body.projectId), dsnPublic: body.dsn.public },
    ...{ dsnSecret: body.dsn.secret, dsnCsp: body.dsn.csp },
  }),
  statuses: [201, 204],
};

const settings = {
  ...{ platform: 'python', resolveAge: 24, digestsMinDelay: 120 },
  options: {
    'filters:blacklisted_ips': '10.0.0.1\n10.0.0.2',
    'filters:releases': '1.*',
    'filters:error_messages': '',
  },
  ...{ allowedDomains: ['example.com'], scrapeJavaScript: false, verifySSL: true },
  ...{ securityToken: 'abc', securityTokenHeader: 'X-Token', highlightTags: ['release'] },
  ...{ fingerprintingRules: 'error.type:X -> x', groupingEnhancements: 'path:**/a +app' },
};
const rules = { ...initialOwnership, raw: 'path:src/* #web' };

describe.each<[string, Resource, State, State]>([
  ['sentry_team', team, { name: 'Night', slug: 'night' }, { name: 'Day', slug: 'day' }],
  [
    'sentry_project',
    project,
    { name: 'Depot', slug: 'depot', teams: ['core', 'web'], ...settings },
    {
      ...{ name: 'Depot 2', slug: 'depot-2', teams: ['web'], ...settings, resolveAge: 0 },
      options: { ...settings.options, 'filters:releases': '' },
    },
  ],
  ['sentry_project_ownership', ownership, rules, { ...rules, fallthrough: false }],
  [
    'sentry_organization_member',
    member,
    { email: 'new@acme.io', role: 'member' },
    { email: 'new@acme.io', role: 'manager' },
  ],
  [
    'sentry_key',
    key,
    { name: 'Ci', count: 10, window: 60 },
    { name: 'Ci 2', count: null, window: null },
  ],
])('%s', (_, resource, plan, changed) => {
  it('is created, read, changed, imported and deleted, without a difference', async () => {
    const [created, removed] = resource.statuses;
    const answer = await resource.create(plan);
    expect(answer.status, JSON.stringify(answer.body)).toBe(created);
    const state = resource.stateOf(answer);
    expect(state).toMatchObject(plan);
    expect(resource.stateOf(await resource.read(state.id))).toEqual(state);

    const update = await resource.update(state, changed);
    expect(update.status, JSON.stringify(update.body)).toBe(200);
    const after = resource.stateOf(update);
    expect(after).toMatchObject(changed);
    expect(resource.stateOf(await resource.read(after.id))).toEqual(after);
    // What it says again changes nothing.
    expect(resource.stateOf(await resource.update(after, changed))).toEqual(after);

    const removal = await resource.remove(after);
    expect(removal.status, JSON.stringify(removal.body)).toBe(removed);
    const left = await resource.read(after.id);
    if (resource === ownership) {
      expect(resource.stateOf(left)).toMatchObject(initialOwnership);
    } else {
      expect(left.status).toBe(404);
    }
  });
});

describe('sentry_team_member', () => {
  const path = (id: string) => `${ROOT}/organizations/acme/members/${id}/teams/web/`;
  /** The role that counts, as the provider finds it out; null where the member is gone. */
  async function effectiveRole(id: string): Promise<string | null> {
    const organization = (await api.get(`${ROOT}/organizations/acme/`)).body;
    const found = await api.get(`${ROOT}/organizations/acme/members/${id}/`);
    if (found.status === 404) {
      return null;
    }
    const ids = organization.teamRoleList.map((role: { id: string }) => role.id);
    const ofOrganization = organization.orgRoleList.find(
      (role: { id: string }) => role.id === found.body.orgRole,
    );
    if (ids.indexOf(ofOrganization.minimumTeamRole) > 0) {
      return ofOrganization.minimumTeamRole;
    }
    const own = found.body.teamRoles.find((one: { teamSlug: string }) => one.teamSlug === 'web');
    return own?.role ?? found.body.teamRoleList[0].id;
  }

  it('is created for a member and for who is pending, confirmed and deleted', async () => {
    const invited = await member.create({ email: 'later@acme.io', role: 'member' });
    for (const id of ['12', invited.body.id]) {
      expect((await api.post(path(id), undefined)).status).toBe(201);
      expect((await api.put(path(id), { teamRole: 'contributor' })).body).toEqual({
        isActive: true,
        teamRole: 'contributor',
      });
      expect(await effectiveRole(id)).toBe('contributor');
      const read = (await api.get(`${ROOT}/organizations/acme/members/${id}/`)).body;
      expect(read.teamRoles).toContainEqual({ teamSlug: 'web', role: 'contributor' });
      expect((await api.delete(path(id))).status).toBe(200);
      expect((await api.put(path(id), { teamRole: 'contributor' })).status).toBe(404);
    }
    await member.remove({ id: invited.body.id });
    expect(await effectiveRole(invited.body.id)).toBeNull();
  });
});

describe('data sources', () => {
  it('find the organization, its projects, members and keys, and a team', async () => {
    const organization = (await api.get(`${ROOT}/organizations/acme/`)).body;
    expect(organization).toMatchObject({ id: '1', slug: 'acme', name: expect.any(String) });
    expect((await api.get(`${ROOT}/organizations/acme/projects/`)).body.length).toBeGreaterThan(1);
    const members = (await api.get(`${ROOT}/organizations/acme/members/`)).body;
    expect(members[0]).toMatchObject({ id: '11', orgRole: 'owner' });
    const [first] = (await api.get(KEYS)).body;
    expect((await api.get(`${KEYS}${first.id}/`)).body).toEqual(first);
    expect((await api.get(`${ROOT}/teams/acme/core/`)).body).toMatchObject({ id: '21' });
  });
});
