import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SyncStack, startSyncStack } from '../support/trackers/sync-stack.ts';

let world: SyncStack;

beforeAll(async () => {
  world = await startSyncStack();
});
afterAll(async () => {
  await world?.stop();
});

it('an assignment here shows in the tracker, and so do its change and its end', async () => {
  const { api, gitHub, issue } = world;
  await api.put('/api/0/issues/102/', { assignedTo: 'user:12' });
  await api.idle();
  expect(await gitHub.assignees(issue)).toEqual(['hubot']);

  await api.put('/api/0/issues/102/', { assignedTo: 'user:13' });
  await api.idle();
  expect(await gitHub.assignees(issue)).toEqual(['mona']);

  await api.put('/api/0/issues/102/', { assignedTo: null });
  await api.idle();
  expect(await gitHub.assignees(issue)).toEqual([]);
});
