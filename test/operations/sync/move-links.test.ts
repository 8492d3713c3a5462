import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, it } from 'vitest';
import { type MoveLinksDeps, moveLinks } from '../../../shared/operations/sync/move-links.ts';
import { groupKeys } from '../../../shared/stores/keys/group-keys.ts';
import { recordedEvents } from '../../support/consistency.ts';
import { surroundings } from '../../support/operations.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

let world: TestWorld;
beforeEach(async () => {
  const integration = {
    organization: 'acme',
    provider: 'github' as const,
    name: 'GitHub',
    baseUrl: 'https://api.github.com',
    secretRef: 'none',
    config: {},
  };
  world = await worldOnFreshTable({
    integrations: [{ id: '501', ...integration }],
    links: ['acme/a#1', 'acme/a#2']
      .map((key) => ({ group: '102', integration: '501', key }))
      .concat({ group: '101', integration: '501', key: 'acme/a#2' }),
  });
});

const input = { childId: '102', primary: { id: '101', projectId: '31' }, requestId: 'merge' };
const move = (more: Partial<MoveLinksDeps['links']> = {}) => {
  const links = { ...world.stores.links, ...more };
  return moveLinks({ ...world.stores, ...surroundings(), links }, input);
};
const linksOf = (groupId: string) => world.stores.links.ofGroup(groupId);

async function expectMoved() {
  expect(await linksOf('102')).toEqual([]);
  const links = await linksOf('101');
  expect(links.map(({ externalKey }) => externalKey).sort()).toEqual(['acme/a#1', 'acme/a#2']);
  const events = await recordedEvents(world.stores.table);
  const moved = links.find(({ externalKey }) => externalKey === 'acme/a#1');
  expect(moved).toMatchObject({ groupId: '101', status: 'pending', syncedVersion: 0 });
  expect(events).toEqual([
    {
      type: 'sync.requested',
      detail: expect.objectContaining({
        groupId: '101',
        data: { linkId: moved?.id, verify: true, onDrift: 'adopt' },
      }),
    },
  ]);
}

it('the links of a group go to its primary, but for those that it has already', async () => {
  await move();
  await expectMoved();
});

it('it is safe to do it again', async () => {
  await move();
  await move();
  await expectMoved();
});

it('a link that a worker saves meanwhile goes as it is then', async () => {
  const { links } = world.stores;
  let isSaved = false;
  await move({
    async move(link, ...rest) {
      if (!isSaved) {
        isSaved = true;
        const ours = [{ externalId: '7', externalName: 'hubot' }];
        const next = { ...link, ours, revision: link.revision + 1 };
        await links.save({ link: next, readRevision: link.revision });
      }
      await links.move(link, ...rest);
    },
  });
  await expectMoved();
});

it('a group that is on its way out takes no links', async () => {
  const { table } = world.stores;
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: groupKeys.group('101'),
      UpdateExpression: 'SET deletingSince = :now',
      ExpressionAttributeValues: { ':now': 'now' },
    }),
  );
  await expect(move()).rejects.toMatchObject({ code: 'conflict' });
  expect(await linksOf('102')).toHaveLength(1);
});
