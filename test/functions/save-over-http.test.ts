import { describe, expect, it } from 'vitest';
import { aliceAtAcme, type GatewayRequest, send } from '../http/gateway-event.ts';
import {
  notThere,
  type Options,
  organizationToken,
  PROJECT_PAGE,
  projectsOverHttp,
  scoped,
} from '../support/projects-over-http.ts';
import { unpackSnowflake } from '../support/snowflake.ts';

const { world, regionId, save, create, get, eventsOf, freshProject } = await projectsOverHttp();

describe('a new project', () => {
  it('answers what clients need, mints its id in its region, and is told on the bus', async () => {
    const answer = await create({ name: '  Café Shop  ', platform: 'python-django' });
    expect(answer.statusCode).toBe(201);
    expect(answer.body).toMatchObject({
      id: expect.stringMatching(/^[0-9]{16}$/),
      slug: 'cafe-shop',
      name: 'Café Shop',
      platform: 'python-django',
      dateCreated: expect.stringMatching(/Z$/),
      teams: [{ id: '21', slug: 'core', name: 'Core' }],
      isBookmarked: false,
      isMember: true,
    });
    const { id } = answer.body as { id: string };
    expect(unpackSnowflake(BigInt(id))).toMatchObject({ version: 1, regionId });
    expect(await eventsOf(id)).toEqual([
      {
        type: 'project.created',
        version: 1,
        data: { slug: 'cafe-shop', name: 'Café Shop', platform: 'python-django', teams: ['core'] },
      },
    ]);
    expect((await get('cafe-shop')).body).toMatchObject({ id });
    expect((await get(id)).body).toMatchObject({ slug: 'cafe-shop' });
    expect(await world.stores.teams.projectIds('21')).toContain(id);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an empty slug', { slug: '' }, 'as-absent'],
    ['a null slug', { slug: null }, 'as-absent'],
    ['an explicit slug', { slug: 'chosen_1' }, 'chosen_1'],
    ['a slug that is reserved, which only an update refuses', { slug: 'settings' }, 'settings'],
    ['a slug of 100 characters', { slug: 'x'.repeat(100) }, 'x'.repeat(100)],
    [
      'fields that it does not know',
      { slug: 'unknown-fields', id: '31', teams: ['web'] },
      'unknown-fields',
    ],
    ['no rules and an origin', { slug: 'origin', default_rules: false, origin: 'ui' }, 'origin'],
    ['no platform', { slug: 'no-platform', platform: null }, 'no-platform'],
  ])('takes %s', async (_, given, slug) => {
    const answer = await create({ name: 'As absent', ...given });
    expect(answer.statusCode, JSON.stringify(answer.body)).toBe(201);
    const made = (answer.body as { slug: string }).slug;
    expect(made === slug || made.startsWith(`${slug}-`)).toBe(true);
  });

  const pattern =
    'Enter a valid slug consisting of lowercase letters, numbers, underscores or hyphens. It cannot be entirely numeric.';
  it.each<[string, unknown, unknown]>([
    ['no name', {}, { name: ['This field is required.'] }],
    ['a null name', { name: null }, { name: ['This field may not be null.'] }],
    ['a blank name', { name: '  ' }, { name: ['This field may not be blank.'] }],
    ['a name that is a list', { name: ['a'] }, { name: ['Not a valid string.'] }],
    [
      'a name of 51 characters',
      { name: 'n'.repeat(51) },
      { name: ['Ensure this field has no more than 50 characters.'] },
    ],
    [
      'a reserved name',
      { name: 'settings' },
      { name: ['The name "settings" is reserved and not allowed.'] },
    ],
    ['a slug with capitals', { name: 'n', slug: 'Shop' }, { slug: [pattern] }],
    ['a slug of digits', { name: 'n', slug: '123' }, { slug: [pattern] }],
    ['a slug with a line feed inside', { name: 'n', slug: 'a\nb' }, { slug: [pattern] }],
    [
      'a slug of 101 characters',
      { name: 'n', slug: 's'.repeat(101) },
      { slug: ['Ensure this field has no more than 100 characters.'] },
    ],
    ['an unknown platform', { name: 'n', platform: 'abacus' }, { platform: ['Invalid platform'] }],
    [
      'several wrong fields',
      { slug: 'A', platform: 7 },
      { name: ['This field is required.'], slug: [pattern], platform: ['Invalid platform'] },
    ],
    ['a list', [], { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] }],
  ])('refuses %s', async (_, body, expected) => {
    expect(await create(body)).toMatchObject({ statusCode: 400, body: expected });
  });

  it('is 409 only for an explicit slug that is taken', async () => {
    const { slug } = await freshProject();
    const again = await create({ name: 'Another', slug });
    expect(again).toMatchObject({
      statusCode: 409,
      body: { detail: 'A project with this slug already exists.' },
    });
    const generated = await create({ name: slug });
    expect(generated.statusCode).toBe(201);
    expect((generated.body as { slug: string }).slug).toMatch(new RegExp(`^${slug}-`));
  });

  it.each<[string, Options]>([
    ['an unknown team', { team: 'nobody' }],
    ['another organization’s team', { team: '29' }],
    ['an unknown organization', { org: 'globex' }],
  ])('is 404 for %s', async (_, where) => {
    expect(await create({ name: 'n' }, where)).toMatchObject(notThere);
  });

  it.each(['project:read', 'org:admin team:admin member:admin event:admin'])(
    'is 403 with the scopes %s',
    async (scopes) => {
      expect(await create({ name: 'n' }, { authorizer: scoped(scopes) })).toMatchObject({
        statusCode: 403,
        body: { detail: 'You do not have permission to perform this action.' },
      });
    },
  );

  it('needs no user behind the token', async () => {
    const answer = await create({ name: 'By a robot' }, { authorizer: organizationToken });
    expect(answer).toMatchObject({ statusCode: 201, body: { isMember: false } });
  });
});

describe('notification settings', () => {
  const page = (method: string, body?: unknown, rest: Partial<GatewayRequest> = {}) =>
    send(save, {
      method,
      resource: `${PROJECT_PAGE}/notification-settings`,
      path: { org: 'acme', project: 'site' },
      body: body === undefined ? null : JSON.stringify(body),
      ...rest,
    });
  const unset = { alerts: 'default', workflow: 'default', deploy: 'default' };

  it('are all default at first, take any subset, and are each user’s own', async () => {
    expect(await page('GET')).toMatchObject({ statusCode: 200, body: unset });
    const changed = await page('PUT', { workflow: 'never', somethingElse: 1 });
    expect(changed).toMatchObject({ statusCode: 200, body: { ...unset, workflow: 'never' } });
    await page('PUT', { alerts: 'always' });
    expect((await page('GET')).body).toEqual({ ...unset, alerts: 'always', workflow: 'never' });
    const bob = { authorizer: { ...aliceAtAcme, userId: '12' } };
    expect((await page('GET', undefined, bob)).body).toEqual(unset);
  });

  it.each<[string, unknown, unknown]>([
    ['a word', { alerts: 'sometimes' }, { alerts: ['"sometimes" is not a valid choice.'] }],
    ['null', { deploy: null }, { deploy: ['This field may not be null.'] }],
    ['a number', { workflow: 1 }, { workflow: ['"1" is not a valid choice.'] }],
  ])('refuse %s that is none of theirs', async (_, body, expected) => {
    expect(await page('PUT', body)).toMatchObject({ statusCode: 400, body: expected });
  });

  it('need a user, a scope, and a project', async () => {
    expect((await page('GET', undefined, { authorizer: organizationToken })).statusCode).toBe(403);
    expect((await page('PUT', {}, { authorizer: organizationToken })).statusCode).toBe(403);
    expect((await page('GET', undefined, { authorizer: scoped('org:admin') })).statusCode).toBe(
      403,
    );
    const path = { org: 'acme', project: '39' };
    expect(await page('GET', undefined, { path })).toMatchObject(notThere);
    expect(await page('PUT', {}, { path })).toMatchObject(notThere);
  });
});
