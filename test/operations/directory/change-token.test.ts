import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { revokeToken, rotateToken } from '../../../shared/operations/directory/change-token.ts';
import { makeToken } from '../../../shared/operations/directory/make-token.ts';
import { authenticate } from '../../../shared/operations/lookup/authenticate.ts';
import { hashToken } from '../../../shared/stores/directory/tokens.ts';
import { surroundings } from '../../support/operations.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const startMs = Date.parse('2026-11-29T12:00:00Z');
const later = (seconds: number) => new Date(startMs + seconds * 1_000).toISOString();

let world: TestWorld;
beforeAll(async () => {
  world = await worldOnFreshTable({ tokens: [] });
});

const deps = (seconds = 0) => ({
  ...world.stores,
  ...surroundings(),
  clock: () => later(seconds),
});
const reach = async (secret: string, seconds = 0) =>
  (await authenticate(deps(seconds), `Bearer ${secret}`))?.organizations.map(({ slug }) => slug);
const make = (secret: string, about: Partial<Parameters<typeof makeToken>[1]> = {}) =>
  makeToken(deps(), {
    secret,
    userId: '11',
    organizationIds: ['1'],
    scopes: ['event:read'],
    name: `the token ${secret}`,
    ...about,
  });
const idOf = (secret: string) => hashToken(secret).slice(0, 16);
const acme = { organizationId: '1' };

/** The rows of the table that are about a token, in the partitions where they may be. */
async function rowsOf(secret: string) {
  const hash = hashToken(secret);
  const partitions = [`TOKEN#${hash}`, 'O#1', 'O#2', 'U#11'];
  const pages = await Promise.all(
    partitions.map((pk) =>
      world.client.send(
        new QueryCommand({
          TableName: world.table,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :token)',
          ExpressionAttributeValues: { ':pk': pk, ':token': 'TOKEN' },
          ConsistentRead: true,
        }),
      ),
    ),
  );
  return pages.flatMap(({ Items = [] }) =>
    Items.filter((item) => JSON.stringify(item).includes(hash)).map(({ pk, sk, expiresAt }) => ({
      pk,
      sk,
      expiresAt,
    })),
  );
}

describe('a token that expires', () => {
  it('is let in until then, whatever the table has removed', async () => {
    await make('expires', { dateExpires: later(60) });
    expect(await reach('expires', 59)).toEqual(['acme']);
    expect(await reach('expires', 60)).toBeUndefined();
    expect(await reach('expires', 86_400)).toBeUndefined();
    expect(await world.stores.tokens.find('expires')).toBeDefined();
  });

  it('says so to the table in each of its rows, which then removes them', async () => {
    await make('expires-everywhere', { dateExpires: later(60) });
    const rows = await rowsOf('expires-everywhere');
    expect(rows.map(({ pk }) => pk).sort()).toEqual([
      'O#1',
      `TOKEN#${hashToken('expires-everywhere')}`,
      'U#11',
    ]);
    expect(rows.map(({ expiresAt }) => expiresAt)).toEqual(rows.map(() => startMs / 1_000 + 60));
  });

  it('is not made dead', async () => {
    await expect(make('dead', { dateExpires: later(0) })).rejects.toMatchObject({
      code: 'request.invalid',
    });
    expect(await rowsOf('dead')).toEqual([]);
  });
});

describe('a list of tokens', () => {
  it('has those of an organization and those of a user, and nothing of their texts', async () => {
    const here = await worldOnFreshTable({ tokens: [] });
    const own = { ...here.stores, ...surroundings() };
    const both = { organizationIds: ['1', '2'], scopes: ['org:read'], userId: null };
    await makeToken(own, { ...both, secret: 'of-nobody', name: 'CI' });
    const alice = { organizationIds: ['1'], scopes: [], userId: '11' };
    await makeToken(own, { ...alice, secret: 'of-alice', dateExpires: '2999-01-01T00:00:00.000Z' });
    const { tokens } = here.stores;
    const ids = async (owner: Parameters<typeof tokens.list>[0]) =>
      (await tokens.list(owner)).map(({ id }) => id).sort();
    expect(await ids(acme)).toEqual([idOf('of-nobody'), idOf('of-alice')].sort());
    expect(await ids({ organizationId: '2' })).toEqual([idOf('of-nobody')]);
    expect(await ids({ userId: '11' })).toEqual([idOf('of-alice')]);
    const [ofAlice] = await tokens.list({ userId: '11' });
    expect(ofAlice).toMatchObject({
      lastCharacters: 'lice',
      userId: '11',
      dateExpires: '2999-01-01T00:00:00.000Z',
    });
    expect(JSON.stringify(await tokens.list(acme))).not.toMatch(/of-nobody|of-alice/);
  });

  it('is one Query and one BatchGet, however many there are', async () => {
    const here = await worldOnFreshTable({ tokens: [] });
    const own = { ...here.stores, ...surroundings() };
    for (let number = 0; number < 5; number++) {
      await makeToken(own, {
        ...{ organizationIds: ['1'], scopes: [], userId: null, secret: `many-${number}` },
      });
    }
    const sent: string[] = [];
    here.client.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          sent.push(commandName ?? '');
          return next(args);
        },
      { step: 'initialize', name: 'counted', override: true },
    );
    expect(await here.stores.tokens.list(acme)).toHaveLength(5);
    here.client.middlewareStack.remove('counted');
    expect(sent).toEqual(['QueryCommand', 'BatchGetItemCommand']);
  });
});

describe('revoking', () => {
  it('by id leaves no row of the token', async () => {
    await make('revoked');
    expect(await rowsOf('revoked')).toHaveLength(3);
    await revokeToken(deps(), { owner: acme, id: idOf('revoked') });
    expect(await rowsOf('revoked')).toEqual([]);
    expect(await reach('revoked')).toBeUndefined();
  });

  it.each([
    ['an id that nobody has', 'f'.repeat(16)],
    ['the beginning of an id', idOf('begins').slice(0, 8)],
    ['nothing', ''],
  ])('finds none by %s', async (_, id) => {
    await make('begins').catch(() => undefined);
    await expect(revokeToken(deps(), { owner: acme, id })).rejects.toMatchObject({
      code: 'resource.not_found',
    });
  });

  it('finds no token of another organization', async () => {
    await make('not-yours');
    const owner = { organizationId: '2' };
    await expect(revokeToken(deps(), { owner, id: idOf('not-yours') })).rejects.toMatchObject({
      code: 'resource.not_found',
    });
    expect(await reach('not-yours')).toEqual(['acme']);
  });

  it('at the same time ends once', async () => {
    await make('twice');
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map(() => revokeToken(deps(), { secret: 'twice' })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('rotating', () => {
  const rotate = (
    id: string,
    about: Partial<Parameters<typeof rotateToken>[1]> & { readonly seconds?: number } = {},
  ) =>
    rotateToken(deps(about.seconds), {
      reference: { owner: acme, id: idOf(id) },
      secret: `${id}-2`,
      overlapMs: 0,
      ...about,
    });

  it('gives a new text what the old one reached, and ends the old one', async () => {
    await make('old', { organizationIds: ['1'], scopes: ['org:read'], name: 'CI' });
    const { oldEndsAt } = await rotate('old');
    expect(oldEndsAt).toBeNull();
    expect(await reach('old')).toBeUndefined();
    expect(await reach('old-2')).toEqual(['acme']);
    expect(await rowsOf('old')).toEqual([]);
    expect(await world.stores.tokens.find('old-2')).toMatchObject({
      name: 'CI',
      scopes: ['org:read'],
      userId: '11',
      dateExpires: null,
    });
  });

  it('lets the old one live for the overlap', async () => {
    await make('overlaps');
    await rotate('overlaps', { overlapMs: 60_000 });
    expect(await reach('overlaps', 59)).toEqual(['acme']);
    expect(await reach('overlaps', 60)).toBeUndefined();
    expect(await reach('overlaps-2', 60)).toEqual(['acme']);
    const ends = (await rowsOf('overlaps')).map(({ expiresAt }) => expiresAt);
    expect(ends).toEqual([1, 2, 3].map(() => startMs / 1_000 + 60));
  });

  it('lengthens no life: the old one ends as it was to, the new one lives as long', async () => {
    await make('short', { dateExpires: later(100) });
    await rotate('short', { overlapMs: 3_600_000, seconds: 50 });
    expect(await world.stores.tokens.find('short')).toMatchObject({ dateExpires: later(100) });
    expect(await world.stores.tokens.find('short-2')).toMatchObject({ dateExpires: later(150) });
  });

  it('gives no dead token a living successor', async () => {
    await make('expired', { dateExpires: later(10) });
    await expect(rotate('expired', { seconds: 10 })).rejects.toMatchObject({
      code: 'request.invalid',
    });
    const gone = await worldOnFreshTable({ tokens: [] });
    const own = { ...gone.stores, ...surroundings() };
    await makeToken(own, { secret: 'left', userId: '12', organizationIds: ['1'], scopes: [] });
    const { membershipId } = (await gone.stores.tokens.find('left'))?.organizations[0] ?? {};
    await rotateToken(own, { reference: { secret: 'left' }, secret: 'left-2', overlapMs: 0 });
    expect((await gone.stores.tokens.find('left-2'))?.organizations[0]?.membershipId).toBe(
      membershipId,
    );
  });

  it('at the same time makes one successor', async () => {
    await make('raced');
    // All three have read the token before one of them commits.
    const { promise: allHaveRead, resolve } = Promise.withResolvers<void>();
    let reads = 0;
    const { tokens } = world.stores;
    const meeting: typeof tokens = {
      ...tokens,
      byId: async (owner, id) => {
        const token = await tokens.byId(owner, id);
        reads += 1;
        if (reads === 3) {
          resolve();
        }
        await allHaveRead;
        return token;
      },
    };
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((number) =>
        rotateToken(
          { ...deps(), tokens: meeting },
          {
            reference: { owner: acme, id: idOf('raced') },
            secret: `raced-${number}`,
            overlapMs: 60_000,
          },
        ),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reached = await Promise.all([1, 2, 3].map((number) => reach(`raced-${number}`)));
    expect(reached.filter((one) => one !== undefined)).toHaveLength(1);
  });
});
