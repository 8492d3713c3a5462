import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiHandler } from '../../shared/http/api.ts';
import { ROUTES } from '../../shared/http/routes.ts';
import { send } from '../http/gateway-event.ts';
import { PROJECT_PAGE, projectsOverHttp } from '../support/projects-over-http.ts';

const { save, freshProject } = await projectsOverHttp();

const handlers = new Map<string, ApiHandler>([['project-save', save]]);
let projectId: string;
beforeAll(async () => {
  const { handler } = await import('../../functions/directory-write/handler.ts');
  handlers.set('directory-write', handler);
  handlers.set('group-update', (await import('../../functions/group-update/handler.ts')).handler);
  handlers.set('operations', (await import('../../functions/operations/handler.ts')).handler);
  projectId = (await freshProject()).id;
});

function handlerOf(method: string, resource: string): ApiHandler {
  const route = ROUTES.find((one) => one.method === method && one.path === `${resource}/`);
  return handlers.get(route?.function ?? '') ?? expect.fail(`Nothing answers ${resource}.`);
}

const own = { org: 'acme', team: 'core', member: '12', issue: '101' };

/** What a field may hold that nobody foresaw, beside what it should. */
const strange = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    ...['', ' ', '\0', '\ud800', '‮', '__proto__', '1e999', '-0', '𝟘', 'ﬁ', 'a'.repeat(5_000)],
    ...[1e308, -1e-308, 2 ** 53, -1, 0.1, true, null],
  ),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.dictionary(fc.string({ unit: 'binary', maxLength: 20 }), fc.jsonValue(), { maxKeys: 5 }),
);

/** Names that every object has already. */
const inherited = ['toString', 'constructor', 'hasOwnProperty'];

const bodyOf = (fields: readonly string[]) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.jsonValue() },
    {
      weight: 9,
      arbitrary: fc.record(
        Object.fromEntries([...fields, ...inherited].map((field) => [field, strange])),
        { requiredKeys: [] },
      ),
    },
  );

const IN_ACME = '/0/organizations/{org}';
const TEAM_PAGE = '/0/teams/{org}/{team}';

describe('whatever a body holds, no answer is the service’s own fault', () => {
  it.each<[string, string, string, readonly string[]]>([
    [
      'of a new project',
      'POST',
      '/0/teams/{org}/{team}/projects',
      ['name', 'slug', 'platform', 'default_rules', 'origin'],
    ],
    [
      'of an update',
      'PUT',
      PROJECT_PAGE,
      [
        'name',
        'slug',
        'platform',
        'isBookmarked',
        'options',
        'teams',
        'copy_from_project',
        'resolveAge',
      ],
    ],
    [
      'of notification settings',
      'PUT',
      `${PROJECT_PAGE}/notification-settings`,
      ['alerts', 'workflow', 'deploy'],
    ],
    [
      'of a new client key',
      'POST',
      `${PROJECT_PAGE}/keys`,
      ['name', 'rateLimit', 'isActive', 'browserSdkVersion', 'dynamicSdkLoaderOptions'],
    ],
    ['of an organization', 'PUT', IN_ACME, ['name', 'slug', 'openMembership', 'require2FA']],
    ['of a new team', 'POST', `${IN_ACME}/teams`, ['name', 'slug']],
    [
      'of a new member',
      'POST',
      `${IN_ACME}/members`,
      ['user', 'role', 'email', 'orgRole', 'teamRoles'],
    ],
    ['of a plan', 'POST', `${IN_ACME}/plans`, ['ids', 'query', 'projects', 'update', 'note']],
    ['of a note', 'POST', '/0/issues/{issue}/notes', ['text', 'mentions']],
    ['of a team', 'PUT', TEAM_PAGE, ['name', 'slug']],
    ['of a member', 'PUT', `${IN_ACME}/members/{member}`, ['role', 'orgRole', 'teamRoles']],
    [
      'of a member of a team',
      'PUT',
      `${IN_ACME}/members/{member}/teams/{team}`,
      ['teamRole', 'isActive'],
    ],
  ])('%s', async (_, method, resource, fields) => {
    const handler = handlerOf(method, resource);
    await fc.assert(
      fc.asyncProperty(bodyOf(fields), async (body) => {
        const path = { ...own, project: projectId };
        const answer = await send(handler, { method, resource, path, body: JSON.stringify(body) });
        expect(answer.statusCode, JSON.stringify(answer.body)).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['POST', '/0/teams/{org}/{team}/projects'],
    ['PUT', PROJECT_PAGE],
    ['GET', `${PROJECT_PAGE}/notification-settings`],
    ['POST', `${IN_ACME}/members/{member}/teams/{team}`],
    ['DELETE', `${IN_ACME}/members/{member}/teams/{team}`],
    ['POST', `${PROJECT_PAGE}/teams/{team}`],
    ['DELETE', `${PROJECT_PAGE}/teams/{team}`],
  ])('nor whatever the path of %s %s holds', async (method, resource) => {
    const owner = handlerOf(method, resource);
    const part = fc.oneof(
      fc.constantFrom('acme', 'core', projectId, '0', '00031', '%', '%00', '..', '9'.repeat(256)),
      fc.string({ unit: 'binary', maxLength: 300 }),
    );
    const paths = fc.record({
      org: fc.oneof(fc.constant('acme'), part),
      team: part,
      project: part,
      member: part,
    });
    await fc.assert(
      fc.asyncProperty(paths, async (path) => {
        const answer = await send(owner, { method, resource, path, body: '{"name":"n"}' });
        expect(answer.statusCode, JSON.stringify(answer.body)).toBeLessThan(500);
      }),
      { numRuns: 100 },
    );
  });
});
