import { beforeAll, expect, it } from 'vitest';
import type { ToldEvent } from '../../../shared/domain/webhooks/told-event.ts';
import { toldOf } from '../../../shared/domain/webhooks/told-event.ts';
import { describeEvent } from '../../../shared/operations/webhooks/describe-event.ts';
import { NOW } from '../../support/builders.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await worldOnFreshTable();
});

it('what is told of a project names it also where replicas do not know of it yet', async () => {
  const event: ToldEvent = {
    type: 'project.updated',
    detail: {
      ...{ eventId: 'event', aggregateId: 'project:31', version: 2, occurredAt: NOW },
      ...{ requestId: 'request', organizationId: '1', projectId: '31' },
      data: { changed: { name: ['Before', 'Shop'] } },
    },
  };
  const { projects } = world.stores;
  const behind: typeof projects.byIds = async (ids, consistency) =>
    consistency === 'eventual' ? new Map() : projects.byIds(ids, consistency);
  const told = toldOf(event);
  if (told === null) {
    throw new Error('Nobody is told of a project that was changed.');
  }
  const stores = { ...world.stores, projects: { ...projects, byIds: behind } };
  const described = await describeEvent(stores, event, told);
  expect(described('https://baton').data.project).toMatchObject({ id: '31', slug: 'shop' });
});
