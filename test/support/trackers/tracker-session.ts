import { afterAll, beforeAll } from 'vitest';
import type { ExternalIssue } from '../../../shared/domain/sync/external-issue.ts';
import { createTracker } from '../../../shared/trackers/create-tracker.ts';
import type { Credentials } from '../../../shared/trackers/credentials.ts';
import type { Tracker } from '../../../shared/trackers/tracker.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { value } from './replies.ts';
import type { TrackerWorld } from './tracker-world.ts';

/** The moment at which trackers are told that they live. */
export const sessionNowMs = Date.parse('2026-11-22T12:00:00Z');

export type TrackerSession = ReturnType<typeof trackerSession>;

/** A tracker behind a fault proxy, up for the tests of the surrounding `describe`. */
export function trackerSession(start: () => Promise<TrackerWorld>) {
  let world: TrackerWorld;
  let proxy: FaultProxy;
  let tracker: Tracker;

  beforeAll(async () => {
    world = await start();
    proxy = await startFaultProxy(world.url);
    tracker = await connect(proxy.url, world.credentials);
  });

  afterAll(async () => {
    await proxy.stop();
    await world.stop();
  });

  async function connect(baseUrl: string, credentials: Credentials, timeoutMs = 1_500) {
    return await createTracker(world.provider, {
      baseUrl,
      credentials,
      allowPrivateAddress: true,
      timeoutMs,
      now: () => sessionNowMs,
    });
  }

  return {
    world: () => world,
    proxy: () => proxy,
    tracker: () => tracker,
    connect,
    readIssue: async (): Promise<ExternalIssue> => value(await tracker.getIssue(world.issueKey)),
  };
}
