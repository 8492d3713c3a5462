import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { cloudBackoff, localBackoff } from '../../../shared/domain/sync/backoff.ts';
import { WATCHED_FOR_EVER } from '../../../shared/domain/sync/issue-link.ts';
import type { FifoMessage } from '../../../shared/operations/sync/fan-out.ts';
import { sweepLinks } from '../../../shared/operations/sync/sweep-links.ts';
import { groupKeys } from '../../../shared/stores/keys/group-keys.ts';
import { NOW } from '../../support/builders.ts';
import { surroundings } from '../../support/operations.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const RUN_MS = 15 * 60 * 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;
const later = (ms: number) => new Date(Date.parse(NOW) + ms).toISOString();

/** Issue 101 with links to so many issues of one repository on GitHub. */
function linkedTo(count: number): Promise<TestWorld> {
  return worldOnFreshTable({
    integrations: [
      {
        id: '501',
        organization: 'acme',
        provider: 'github',
        name: 'GitHub',
        baseUrl: 'https://api.github.com',
        secretRef: 'none',
        config: {},
      },
    ],
    links: Array.from({ length: count }, (_, index) => ({
      group: '101',
      integration: '501',
      key: `acme/a#${index + 1}`,
    })),
  });
}

/** One run at that time; what it did, and the links that it had looked at. */
async function run(
  world: TestWorld,
  at: string,
  { backoff = localBackoff, hasTime = (): boolean => true } = {},
) {
  const sent: FifoMessage[] = [];
  const sweep = await sweepLinks(
    {
      ...world.stores,
      ...surroundings(),
      backoff,
      clock: () => at,
      sendOutbound: async (messages) => void sent.push(...messages),
    },
    { requestId: 'sweep', hasTime },
  );
  return { sweep, sent, links: sent.map(({ messageGroupId }) => messageGroupId) };
}

async function makeBehind(world: TestWorld): Promise<string> {
  const [link] = await world.stores.links.ofGroup('101');
  const behind = { ...link!, watchUntil: WATCHED_FOR_EVER, revision: 2 };
  await world.stores.links.save({ link: behind, readRevision: 1 });
  return behind.id;
}

describe('a run of the sweeper', () => {
  it('has links looked at that were alive in the last three days, and no others', async () => {
    const world = await linkedTo(2);
    const { sweep, sent } = await run(world, later(2.9 * DAY_MS));
    expect(sweep).toEqual({ behind: 0, atRest: 2, left: 0 });
    expect(sent[0]?.body).toMatchObject({ verify: true, onDrift: 'adopt' });
    expect((await run(world, later(3.1 * DAY_MS))).links).toEqual([]);
  });

  it('has links looked at that are behind, however long ago', async () => {
    const world = await linkedTo(2);
    const behind = await makeBehind(world);
    expect((await run(world, later(300 * DAY_MS))).links).toEqual([behind]);
  });

  it('looks at those that are behind each time and first, at those at rest once an hour', async () => {
    const world = await linkedTo(40);
    const behind = await makeBehind(world);
    const seen: string[] = [];
    for (const quarter of [0, 1, 2, 3]) {
      const { links } = await run(world, later(quarter * RUN_MS), { backoff: cloudBackoff });
      expect(links[0]).toBe(behind);
      seen.push(...links.slice(1));
    }
    const all = (await world.stores.links.ofGroup('101')).map(({ id }) => id);
    expect(seen.toSorted()).toEqual(all.filter((id) => id !== behind).toSorted());
  });

  it('leaves what is beyond the budget of an integration, those at rest first', async () => {
    const world = await linkedTo(255);
    const behind = await makeBehind(world);
    const { sweep, links } = await run(world, NOW);
    expect(sweep).toEqual({ behind: 1, atRest: 249, left: 5 });
    expect(links[0]).toBe(behind);
    expect(new Set(links).size).toBe(250);
  });

  it('ends when its time does', async () => {
    const world = await linkedTo(2);
    let pages = 0;
    const { links } = await run(world, NOW, { hasTime: () => ++pages <= 5 });
    expect(links.length).toBeLessThan(2);
  });

  it('finds a link that was last written before links stood in partitions', async () => {
    const world = await linkedTo(1);
    const [link] = await world.stores.links.ofGroup('101');
    await world.client.send(
      new UpdateCommand({
        TableName: world.table,
        Key: groupKeys.link('101', link!.id),
        UpdateExpression: 'SET gsi2pk = :before',
        ExpressionAttributeValues: { ':before': 'SYNC' },
      }),
    );
    expect((await run(world, NOW)).links).toEqual([link?.id]);
  });
});
