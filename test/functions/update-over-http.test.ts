import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { aliceAtAcme } from '../http/gateway-event.ts';
import {
  notThere,
  organizationToken,
  projectsOverHttp,
  scoped,
} from '../support/projects-over-http.ts';

const { create, update, get, eventsOf, freshProject } = await projectsOverHttp();

describe('an update', () => {
  it('changes what it names, answers the project’s own page, and says what changed', async () => {
    const { id, name } = await freshProject({ platform: 'node' });
    const answer = await update(id, { name: 'Renamed', platform: '', resolveAge: 48 });
    expect(answer).toMatchObject({
      statusCode: 200,
      body: {
        id,
        name: 'Renamed',
        platform: null,
        resolveAge: 48,
        options: { 'sentry:resolve_age': 48 },
        organization: { slug: 'acme' },
      },
    });
    expect((await eventsOf(id)).slice(1)).toEqual([
      {
        type: 'project.updated',
        version: 2,
        data: {
          changed: {
            name: [name, 'Renamed'],
            platform: ['node', null],
            options: [{}, { 'sentry:resolve_age': 48 }],
          },
        },
      },
    ]);
  });

  it('is told to nobody where nothing changes', async () => {
    const { id, name, slug } = await freshProject();
    expect((await update(id, { name, slug, platform: null, options: {} })).statusCode).toBe(200);
    expect((await update(id, {})).statusCode).toBe(200);
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it('sets options over those that there are, and null takes one away', async () => {
    const { id } = await freshProject();
    await update(id, { options: { 'feedback:branding': false, 'filters:localhost': '1' } });
    const { body } = await update(id, { options: { 'filters:localhost': null, own: [1, 'x'] } });
    expect(body).toMatchObject({ options: { 'feedback:branding': false, own: [1, 'x'] } });
    expect(body).not.toMatchObject({ options: { 'filters:localhost': expect.anything() } });
  });

  it.each<[string, unknown, unknown]>([
    [
      'a reserved slug',
      { slug: 'settings' },
      { slug: ['The slug "settings" is reserved and not allowed.'] },
    ],
    [
      'the slug of another project',
      { slug: 'site' },
      { slug: ['Another project (Site) is already using that slug'] },
    ],
    ['a slug of digits', { slug: '99' }, { slug: [expect.stringContaining('entirely numeric')] }],
    ['a null name', { name: null }, { name: ['This field may not be null.'] }],
    [
      'a name of 201 characters',
      { name: 'n'.repeat(201) },
      { name: ['Ensure this field has no more than 200 characters.'] },
    ],
    ['an unknown platform', { platform: 'abacus' }, { platform: ['Invalid platform'] }],
    [
      'a bookmark that is no boolean',
      { isBookmarked: 'maybe' },
      { isBookmarked: ['Must be a valid boolean.'] },
    ],
    [
      'options that are a list',
      { options: [] },
      { options: ['Invalid data. Expected a dictionary.'] },
    ],
    ['a number that no table holds', { options: { a: 1e300 } }, { options: [expect.any(String)] }],
    ['options without a name', { options: { '': 1 } }, { options: [expect.any(String)] }],
    ['bottomless options', { options: { a: [[[[[[1]]]]]] } }, { options: [expect.any(String)] }],
    [
      'options too large',
      { options: { a: 'x'.repeat(40_000) } },
      { options: [expect.any(String)] },
    ],
    ['unknown teams', { teams: ['nobody'] }, { teams: ['One or more teams do not exist.'] }],
    ['a foreign team', { teams: ['29'] }, { teams: ['One or more teams do not exist.'] }],
    [
      'settings of an unknown project',
      { copy_from_project: 12345 },
      { copy_from_project: ['Project to copy settings from not found.'] },
    ],
    [
      'settings of another organization’s project',
      { copy_from_project: '39' },
      { copy_from_project: ['Project to copy settings from not found.'] },
    ],
  ])('refuses %s, and changes nothing', async (_, body, expected) => {
    const { id } = await freshProject();
    const answer = await update(id, { platform: 'go', ...(body as object) });
    expect(answer).toMatchObject({ statusCode: 400, body: expected });
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it('takes a name of 200 characters', async () => {
    const { id } = await freshProject();
    const answer = await update(id, { name: ` ${'n'.repeat(200)} ` });
    expect(answer).toMatchObject({ statusCode: 200, body: { name: 'n'.repeat(200) } });
  });

  it('grows the options no further than what fits, in many steps either', async () => {
    const { id } = await freshProject();
    const steps = [];
    for (const name of ['a', 'b', 'c']) {
      steps.push((await update(id, { options: { [name]: 'x'.repeat(15_000) } })).statusCode);
    }
    expect(steps).toEqual([200, 200, 400]);
  });

  it('replaces the teams, and copies settings and teams of another project', async () => {
    const source = await freshProject();
    await update(source.id, { teams: ['web', '21'], options: { 'copy:me': true } });
    const target = await freshProject();
    await update(target.id, { options: { mine: 1 } });
    const answer = await update(target.id, { copy_from_project: Number(source.id) });
    expect(answer).toMatchObject({
      statusCode: 200,
      body: {
        options: { 'copy:me': true },
        teams: [{ slug: 'core' }, { slug: 'web' }],
      },
    });
    expect((await eventsOf(target.id)).slice(-2)).toMatchObject([
      { type: 'project.updated', data: { changed: { teams: [['core'], ['core', 'web']] } } },
      { type: 'project.team_added', data: { teamId: '22' } },
    ]);
    expect((answer.body as { options: object }).options).not.toHaveProperty('mine');
  });

  it('is 404 for a project of another organization, and for none', async () => {
    expect(await update('39', { name: 'n' })).toMatchObject(notThere);
    expect(await update('nobody', { name: 'n' })).toMatchObject(notThere);
    expect(await update('404404', { name: 'n' })).toMatchObject(notThere);
  });
});

describe('a bookmark', () => {
  const reader = scoped('project:read');

  it('is set and taken back by who may only read, twice as well as once, and is no event', async () => {
    const { id } = await freshProject();
    for (const isBookmarked of [true, true, false, false]) {
      const answer = await update(id, { isBookmarked }, { authorizer: reader });
      expect(answer).toMatchObject({ statusCode: 200, body: { isBookmarked } });
      expect((await get(id)).body).toMatchObject({ isBookmarked });
    }
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it('is the caller’s own', async () => {
    const { id } = await freshProject();
    await update(id, { isBookmarked: true });
    const bob = { ...aliceAtAcme, userId: '12' };
    expect((await get(id, { authorizer: bob })).body).toMatchObject({ isBookmarked: false });
    const nobody = await update(id, { isBookmarked: true }, { authorizer: organizationToken });
    expect(nobody).toMatchObject({ statusCode: 200, body: { isBookmarked: false } });
  });

  it('goes with the rest of the request for who may write', async () => {
    const { id } = await freshProject();
    const answer = await update(id, { isBookmarked: true, name: 'Both' });
    expect(answer.body).toMatchObject({ isBookmarked: true, name: 'Both' });
  });

  it.each(['name', 'slug', 'platform', 'options', 'copy_from_project', 'teams', 'resolveAge'])(
    'is not set when the request also names %s without the scope for it',
    async (field) => {
      const { id } = await freshProject();
      const body = { isBookmarked: true, [field]: null };
      const answer = await update(id, body, { authorizer: reader });
      expect(answer).toMatchObject({
        statusCode: 403,
        body: { detail: 'You do not have permission to perform this action.' },
      });
      expect((await get(id)).body).toMatchObject({ isBookmarked: false });
    },
  );

  it('needs to see the project', async () => {
    const answer = await update('31', { isBookmarked: true }, { authorizer: scoped('org:admin') });
    expect(answer.statusCode).toBe(403);
  });
});

describe('a rename', () => {
  let id: string;
  let slugs: { a: string; b: string };
  beforeEach(async () => {
    const { id: created, slug } = await freshProject();
    id = created;
    slugs = { a: slug, b: `r-${randomUUID()}` };
    expect((await update(id, { slug: slugs.b })).statusCode).toBe(200);
  });

  it('leaves a redirect that GET is told of, and other methods follow silently', async () => {
    const { a, b } = slugs;
    expect(await get(a)).toMatchObject({
      statusCode: 302,
      headers: { Location: expect.stringContaining(b) },
      body: { detail: { code: 'resource-moved', extra: { slug: b } } },
    });
    expect(await update(a, { platform: 'go' })).toMatchObject({
      statusCode: 200,
      body: { slug: b },
    });
    expect((await eventsOf(id))[1]).toMatchObject({ data: { changed: { slug: [a, b] } } });
  });

  it('back ends the redirect and makes one of the other slug', async () => {
    await update(id, { slug: slugs.a });
    expect((await get(slugs.a)).statusCode).toBe(200);
    expect((await get(slugs.b)).statusCode).toBe(302);
  });

  it('leaves the old slug free to take, and a live project beats the redirect', async () => {
    const taker = await create({ name: 'Taker', slug: slugs.a });
    expect(taker.statusCode).toBe(201);
    expect((await get(slugs.a)).body).toMatchObject({ id: (taker.body as { id: string }).id });
    const back = await update(id, { slug: slugs.a });
    expect(back).toMatchObject({
      statusCode: 400,
      body: { slug: ['Another project (Taker) is already using that slug'] },
    });
  });

  it('of a rename leads from every slug that the project had', async () => {
    const c = `r-${randomUUID()}`;
    await update(id, { slug: c });
    for (const old of [slugs.a, slugs.b]) {
      expect(await get(old)).toMatchObject({
        statusCode: 302,
        body: { detail: { extra: { slug: c } } },
      });
    }
  });
});
