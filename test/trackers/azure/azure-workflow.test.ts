import { afterEach, describe, expect, it } from 'vitest';
import { createTracker } from '../../../shared/trackers/create-tracker.ts';
import { type AzureState, startAzureWorld } from '../../support/trackers/azure-world.ts';
import { failure, value } from '../../support/trackers/replies.ts';
import type { TrackerWorld } from '../../support/trackers/tracker-world.ts';

let world: TrackerWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

/** A work item whose type has states of these categories, each named after its own. */
async function workItemOf(...categories: readonly AzureState['category'][]) {
  const states = categories.map((category) => ({ name: `my ${category}`, color: '0', category }));
  world = await startAzureWorld(states);
  const { url, credentials, issueKey, moveByHand, look } = world;
  const tracker = await createTracker('azure', {
    baseUrl: url,
    credentials,
    allowPrivateAddress: true,
  });
  const read = async () => value(await tracker.getIssue(issueKey));
  return { tracker, moveByHand, look, read };
}

describe('a work item that is resolved here', () => {
  it.each<[AzureState['category'][], string]>([
    [['Proposed', 'Resolved', 'Completed'], 'my Completed'],
    [['Proposed', 'Resolved'], 'my Resolved'],
    [['Proposed', 'Removed', 'Resolved'], 'my Resolved'],
  ])('whose type has %j goes to %s', async (categories, expected) => {
    const { tracker, moveByHand, look, read } = await workItemOf(...categories);
    await moveByHand('my Proposed');
    expect(value(await tracker.setStatus(await read(), 'closed')).status).toBe('closed');
    expect((await look()).state).toBe(expected);
  });

  it('is not removed from the backlog, but refused, where there is nothing else', async () => {
    const { tracker, moveByHand, look, read } = await workItemOf('Proposed', 'Removed');
    await moveByHand('my Proposed');
    expect(failure(await tracker.setStatus(await read(), 'closed'))).toEqual({
      kind: 'rejected',
      reason: 'A Bug has no state that is closed.',
    });
    expect((await look()).state).toBe('my Proposed');
  });
});

describe('a work item that is taken up again', () => {
  it.each<[AzureState['category'][], string]>([
    [['Proposed', 'InProgress', 'Completed'], 'my InProgress'],
    [['Proposed', 'Completed'], 'my Proposed'],
  ])('whose type has %j goes to %s', async (categories, expected) => {
    const { tracker, moveByHand, look, read } = await workItemOf(...categories);
    await moveByHand('my Completed');
    expect(value(await tracker.setStatus(await read(), 'open')).status).toBe('open');
    expect((await look()).state).toBe(expected);
  });
});
