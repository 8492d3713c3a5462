import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AzureStack, startAzureStack } from '../support/trackers/azure-stack.ts';

let world: AzureStack;

beforeAll(async () => {
  world = await startAzureStack();
});
afterAll(async () => {
  await world?.stop();
});

const statusHere = async () => (await world.api.get('/api/0/issues/102/')).body.status;
const stateThere = async () => (await world.azure.look()).state;

/** Resolves or reopens the issue here, and has the work item follow. */
async function change(status: 'resolved' | 'unresolved') {
  await world.api.put('/api/0/issues/102/', { status });
  await world.api.idle();
}

/** Moves the work item there, and has the issue follow. */
async function move(state: string) {
  expect((await world.move(state)).status).toBe(202);
  await world.api.idle();
}

describe('a work item of Azure DevOps that changes its state', () => {
  it.each([
    ['Resolved', 'resolved'],
    ['Shipped', 'resolved'],
    ['Removed', 'resolved'],
    ['Closed beta', 'unresolved'],
    ['Done, to be triaged', 'unresolved'],
  ])('to %s leaves an open issue %s', async (state, expected) => {
    await move('Active');
    await change('unresolved');
    await move(state);
    expect(await statusHere()).toBe(expected);
    expect(await stateThere()).toBe(state);
  });

  it.each([
    ['Resolved', 'resolved'],
    ['Closed', 'resolved'],
    ['Taken out of the process', 'resolved'],
    ['Active', 'unresolved'],
    ['Closed beta', 'unresolved'],
  ])('to %s leaves a resolved issue %s', async (state, expected) => {
    await move('Shipped');
    await change('resolved');
    await move(state);
    expect(await statusHere()).toBe(expected);
    expect(await stateThere()).toBe(state);
  });
});

describe('an issue with a work item', () => {
  it('that is resolved here completes it, and that is reopened has it worked on', async () => {
    await move('New');
    await change('resolved');
    expect(await stateThere()).toBe('Shipped');
    await change('unresolved');
    expect(await stateThere()).toBe('Active');
  });

  it('that is resolved there already leaves it as it is', async () => {
    await move('New');
    await change('unresolved');
    await world.azure.moveByHand('Resolved');
    await change('resolved');
    expect(await stateThere()).toBe('Resolved');
  });
});
