import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENV } from '../../shared/env.ts';
import type { ApiHandler } from '../../shared/http/api.ts';
import { cascadeMerge } from '../../shared/operations/cascades/cascade-merge.ts';
import { groupKeys } from '../../shared/stores/keys/group-keys.ts';
import { idNamedBy } from '../../shared/stores/named-ids.ts';
import { aliceAtAcme, type GatewayRequest, send } from '../http/gateway-event.ts';
import { readGroupState } from '../support/consistency.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { emptyOwnerCaches, surroundings } from '../support/operations.ts';
import { notThere, organizationToken, scoped } from '../support/projects-over-http.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../support/world.ts';

let world: TestWorld;
let read: ApiHandler;
let write: ApiHandler;
beforeAll(async () => {
  world = await worldOnFreshTable({
    groups: [
      ...smallWorld.groups,
      ...Array.from({ length: 12 }, (_, index) => ({
        id: String(300 + index),
        project: '31',
        shortId: `SHOP-${300 + index}`,
        title: 'TypeError',
        timesSeen: index + 1,
      })),
    ],
  });
  enterFunctionEnvironment(world);
  process.env[ENV.rateLimits] = 'off';
  read = (await import('../../functions/group-read/handler.ts')).handler;
  write = (await import('../../functions/group-update/handler.ts')).handler;
});

const NOTES = '/0/issues/{issue}/notes';
const bob = { ...scoped('event:write'), userId: '12' };
type Note = { id: string; type: string; data: { text: string }; user: { id: string } };

function notesOf(issue: string) {
  const change = (
    method: string,
    note: string | null,
    body: unknown,
    rest: Partial<GatewayRequest> = {},
  ) =>
    send(write, {
      method,
      resource: note === null ? NOTES : `${NOTES}/{note}`,
      path: note === null ? { issue } : { issue, note },
      body: JSON.stringify(body),
      ...rest,
    });
  return {
    create: (body: unknown, rest = {}) => change('POST', null, body, rest),
    put: (note: string, body: unknown, rest = {}) => change('PUT', note, body, rest),
    delete: (note: string, rest = {}) => change('DELETE', note, undefined, rest),
    list: (query: GatewayRequest['query'] = {}) =>
      send(read, { resource: NOTES, path: { issue }, query }),
    detail: async () =>
      (await send(read, { resource: '/0/issues/{issue}', path: { issue } })).body as {
        numComments: number;
        activity: Note[];
      },
    async subscriptions() {
      const { subscriptions } = await readGroupState(world.stores.table, issue);
      return subscriptions.map(({ subscriber, reason }) => `${subscriber} ${reason}`).sort();
    },
  };
}

describe('a note', () => {
  it('is an activity, is counted, and is changed and deleted by its author', async () => {
    const notes = notesOf('101');
    const made = await notes.create({ text: ' Seen on staging. ' });
    expect(made).toMatchObject({
      statusCode: 201,
      body: { type: 'note', data: { text: 'Seen on staging.' }, user: { id: '11' } },
    });
    const { id } = made.body as Note;
    expect((await notes.list()).body).toEqual([made.body]);
    expect(await notes.detail()).toMatchObject({
      numComments: 1,
      activity: [{ id, type: 'note' }, { type: 'first_seen' }],
    });

    expect(await notes.put(id, { text: 'On prod, too.' })).toMatchObject({
      statusCode: 200,
      body: { id, data: { text: 'On prod, too.' } },
    });
    expect((await notes.list()).body).toMatchObject([{ id, data: { text: 'On prod, too.' } }]);

    const asBob = { authorizer: bob };
    expect(await notes.put(id, { text: 'no' }, asBob)).toMatchObject(notThere);
    expect(await notes.delete(id, asBob)).toMatchObject(notThere);
    expect((await notes.delete(id)).statusCode).toBe(204);
    expect(await notes.delete(id)).toMatchObject(notThere);
    expect((await notes.list()).body).toEqual([]);
    expect(await notes.detail()).toMatchObject({
      numComments: 0,
      activity: [{ type: 'first_seen' }],
    });
  });

  it('subscribes its author, those whom it mentions, and the people of a team', async () => {
    const notes = notesOf('102');
    const body = { text: 'Look, **@Bob**', mentions: ['12', 'team:21'] };
    expect((await notes.create(body)).statusCode).toBe(201);
    expect(await notes.subscriptions()).toEqual(['user:11 comment', 'user:12 mentioned']);
    expect((await notes.create({ text: 'Again' }, { authorizer: bob })).statusCode).toBe(201);
    expect(await notes.subscriptions()).toEqual(['user:11 comment', 'user:12 mentioned']);
    const byTeam = notesOf('300');
    await byTeam.create({ text: 'All of you', mentions: ['team:21'] });
    expect(await byTeam.subscriptions()).toEqual(['user:11 comment', 'user:12 team_mentioned']);
  });

  it.each<[string, unknown, Record<string, unknown>]>([
    ['no text', {}, { text: ['This field is required.'] }],
    ['an empty text', { text: ' ' }, { text: ['This field may not be blank.'] }],
    [
      'a text of 8,193 characters',
      { text: 'n'.repeat(8_193) },
      { text: ['Ensure this field has no more than 8192 characters.'] },
    ],
    [
      'somebody in no team of the project',
      { text: 'n', mentions: ['user:13'] },
      { mentions: ['Cannot mention a non team member'] },
    ],
    [
      'a stranger',
      { text: 'n', mentions: ['user:14'] },
      { mentions: ['Cannot mention a non team member'] },
    ],
    [
      'a team of another project',
      { text: 'n', mentions: ['team:22'] },
      { mentions: ['Mentioned team not found or not associated with project'] },
    ],
    ['nobody at all', { text: 'n', mentions: ['#x'] }, { mentions: [expect.any(String)] }],
  ])('is refused with %s, and nothing is written', async (_, body, expected) => {
    const notes = notesOf('301');
    expect(await notes.create(body)).toMatchObject({ statusCode: 400, body: expected });
    expect((await notes.list()).body).toEqual([]);
    expect(await notes.subscriptions()).toEqual([]);
  });

  it('needs a user and a scope, and an issue that is there', async () => {
    const notes = notesOf('301');
    const text = { text: 'n' };
    expect((await notes.create(text, { authorizer: organizationToken })).statusCode).toBe(403);
    const reader = { authorizer: { ...aliceAtAcme, scopes: 'event:read' } };
    expect((await notes.create(text, reader)).statusCode).toBe(403);
    for (const issue of ['901', '999', 'SHOP-999']) {
      expect(await notesOf(issue).create(text)).toMatchObject(notThere);
      expect(await notesOf(issue).list()).toMatchObject(notThere);
    }
    const other = (await notes.create(text)).body as Note;
    expect(await notesOf('302').put(other.id, text)).toMatchObject(notThere);
  });

  it('is one of many, page by page, each counted once', async () => {
    const notes = notesOf('303');
    await Promise.all(
      Array.from({ length: 7 }, (_, index) => notes.create({ text: `note ${index}` })),
    );
    expect((await notes.detail()).numComments).toBe(7);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await notes.list({
        per_page: ['3'],
        ...(cursor === undefined ? {} : { cursor: [cursor] }),
      });
      seen.push(...(page.body as Note[]).map(({ data }) => data.text));
      const link = String(page.headers?.Link);
      cursor = /rel="next"; results="true"; cursor="([^"]+)"/.exec(link)?.[1];
    } while (cursor !== undefined);
    expect(seen.toSorted()).toEqual(Array.from({ length: 7 }, (_, index) => `note ${index}`));
    const forged = Buffer.from('A#GROUP').toString('base64url');
    expect((await notes.list({ cursor: [`0:${forged}:0`] })).body).toEqual([]);
  });

  it('is deleted once, whoever else deletes it at the same time', async () => {
    const notes = notesOf('304');
    const { id } = (await notes.create({ text: 'brief' })).body as Note;
    const answers = await Promise.all([notes.delete(id), notes.delete(id), notes.delete(id)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 404, 404]);
    expect((await notes.detail()).numComments).toBe(0);
  });

  it('is changed and deleted also where it was written before notes were listed by author', async () => {
    const notes = notesOf('304');
    const { id } = (await notes.create({ text: 'of old' })).body as Note;
    const Key = groupKeys.noteBy('304', '11', id);
    await world.client.send(new DeleteCommand({ TableName: world.table, Key }));
    expect((await notes.put(id, { text: 'still here' })).statusCode).toBe(200);
    expect((await notes.delete(id)).statusCode).toBe(204);
    expect((await notes.detail()).numComments).toBe(0);
  });

  it('says nothing that its author has said within the hour, unless that note is gone', async () => {
    const notes = notesOf('307');
    const said = { statusCode: 400, body: { detail: 'You have already posted that comment.' } };
    const first = (await notes.create({ text: 'Same here.' })).body as Note;
    expect(await notes.create({ text: ' Same here. ', mentions: ['12'] })).toMatchObject(said);
    expect((await notes.create({ text: 'Same here.' }, { authorizer: bob })).statusCode).toBe(201);
    expect((await notesOf('308').create({ text: 'Same here.' })).statusCode).toBe(201);

    const other = (await notes.create({ text: 'Mended.' })).body as Note;
    expect((await notes.put(other.id, { text: 'Same here.' })).statusCode).toBe(200);
    expect((await notes.create({ text: 'Mended.' })).statusCode).toBe(201);
    expect((await notes.put(first.id, { text: 'Not here.' })).statusCode).toBe(200);
    expect(await notes.create({ text: 'Not here.' })).toMatchObject(said);

    expect((await notes.delete(first.id)).statusCode).toBe(204);
    expect((await notes.create({ text: 'Not here.' })).statusCode).toBe(201);
    const key = groupKeys.noteText('307', idNamedBy('noteText', '11', 'Mended.'));
    const expired = { ...(await world.stores.table.get(key)), ...key, expiresAt: 1 };
    await world.client.send(new PutCommand({ TableName: world.table, Item: expired }));
    expect((await notes.create({ text: 'Mended.' })).statusCode).toBe(201);
  });

  it('is made once, however often the same is said at the same time', async () => {
    const notes = notesOf('309');
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => notes.create({ text: 'Once.' })),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 400, 400, 400]);
    expect((await notes.detail()).numComments).toBe(1);
  });

  it('ends the subscription that it made when it is the last of its author', async () => {
    const notes = notesOf('310');
    const made = await Promise.all(
      Array.from({ length: 3 }, (_, index) => notes.create({ text: `note ${index}` })),
    );
    await notes.create({ text: 'Bob, too.', mentions: ['11'] }, { authorizer: bob });
    const [first, ...rest] = made.map(({ body }) => (body as Note).id);
    expect((await notes.delete(first ?? '')).statusCode).toBe(204);
    expect(await notes.subscriptions()).toEqual(['user:11 comment', 'user:12 comment']);
    await Promise.all(rest.map((id) => notes.delete(id)));
    expect(await notes.subscriptions()).toEqual(['user:12 comment']);
  });

  it('leaves a subscription that was made otherwise', async () => {
    const notes = notesOf('311');
    await notes.create({ text: 'Bob?', mentions: ['12'] });
    const answer = (await notes.create({ text: 'Yes.' }, { authorizer: bob })).body as Note;
    expect((await notes.delete(answer.id, { authorizer: bob })).statusCode).toBe(204);
    expect(await notes.subscriptions()).toEqual(['user:11 comment', 'user:12 mentioned']);
  });

  it('goes with its issue into the one that it is merged into', async () => {
    const [child, primary] = [notesOf('305'), notesOf('306')];
    const { id } = (await child.create({ text: 'from the child' })).body as Note;
    await primary.create({ text: 'from the primary' });
    const merged = await send(write, {
      method: 'PUT',
      resource: '/0/organizations/{org}/issues',
      path: { org: 'acme' },
      query: { id: ['305', '306'] },
      body: JSON.stringify({ merge: true }),
    });
    expect(merged.statusCode).toBe(200);
    expect((await child.create({ text: 'meanwhile' })).statusCode).toBe(201);
    const deps = { ...world.stores, ...surroundings(), ownerCaches: emptyOwnerCaches };
    await cascadeMerge(deps, {
      ...{ organizationId: '1', projectId: '31', primaryId: '306', childIds: ['305'] },
      ...{ version: 0, requestId: 'worker', hasTime: () => true },
    });
    const texts = ((await primary.list()).body as Note[]).map(({ data }) => data.text);
    expect(texts).toEqual(['meanwhile', 'from the primary', 'from the child']);
    expect((await primary.detail()).numComments).toBe(3);
    expect((await primary.create({ text: 'from the child' })).statusCode).toBe(400);
    expect((await child.delete(id)).statusCode).toBe(204);
    expect((await primary.detail()).numComments).toBe(2);
  });
});
