import { expect, it } from 'vitest';
import { survives } from '../../support/crash/cascade-worker.ts';
import { everyDeath } from '../../support/crash/every-death.ts';
import { expectMerged, moveChildren, worldWithMerge } from '../../support/crash/merged-groups.ts';
import { copiesOf } from '../../support/world.ts';

it('a merge is completed wherever its worker dies', async () => {
  const copy = await copiesOf(await worldWithMerge());
  const deaths = await everyDeath(async (death) => {
    const world = await copy();
    const survived = await survives(world, death, (stores) => moveChildren(stores));
    await moveChildren(world.stores);
    await expectMerged(world);
    return survived;
  });
  expect(deaths).toBeGreaterThan(20);
});
