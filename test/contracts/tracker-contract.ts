import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ExternalIssue,
  type ExternalPerson,
  traitsOf,
} from '../../shared/domain/sync/external-issue.ts';
import type { TrackerFailure, TrackerReply } from '../../shared/domain/sync/failure.ts';
import { refusalIn } from '../../shared/domain/sync/outbound.ts';
import { createTracker } from '../../shared/trackers/create-tracker.ts';
import type { Credentials } from '../../shared/trackers/credentials.ts';
import type { Tracker } from '../../shared/trackers/tracker.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../support/trackers/fault-proxy.ts';
import type { TrackerWorld } from '../support/trackers/tracker-world.ts';

const nowMs = Date.parse('2026-11-22T12:00:00Z');
const timeoutMs = 1_500;

/** What every provider promises, whatever plays the tracker. */
export function trackerContract(name: string, start: () => Promise<TrackerWorld>): void {
  describe(name, () => {
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

    async function connect(baseUrl: string, credentials: Credentials, patienceMs = timeoutMs) {
      return await createTracker(world.provider, {
        baseUrl,
        credentials,
        allowPrivateAddress: true,
        timeoutMs: patienceMs,
        now: () => nowMs,
      });
    }

    async function readIssue(): Promise<ExternalIssue> {
      return value(await tracker.getIssue(world.issueKey));
    }

    describe('an issue', () => {
      beforeEach(async () => {
        await world.assignByHand([]);
      });

      it('is read with its people, its status and the mark of its last change', async () => {
        await world.assignByHand([world.bob]);
        const issue = await readIssue();
        expect(issue.key).toBe(world.issueKey);
        expect(issue.stableId).not.toBe('');
        expect(ids(issue.assignees)).toEqual([world.bob.externalId]);
        expect(issue.status).toBe('open');
        expect(issue.mark.atMs).toBeGreaterThan(0);
      });

      it('has a mark that a change does not turn back', async () => {
        const before = await readIssue();
        await world.assignByHand([world.carol]);
        const after = await readIssue();
        expect(after.mark.atMs).toBeGreaterThanOrEqual(before.mark.atMs ?? 0);
        expect(after.mark.rev ?? 0).toBeGreaterThanOrEqual(before.mark.rev ?? 0);
      });

      it('takes a person, and answers how it is afterwards', async () => {
        const change = { add: [world.bob], remove: [] };
        const after = value(await tracker.setAssignees(await readIssue(), change));
        expect(ids(after.assignees)).toEqual([world.bob.externalId]);
        expect((await world.look()).assigneeIds).toEqual([world.bob.externalId]);
      });

      it('gives a person away again', async () => {
        await world.assignByHand([world.bob]);
        const issue = await readIssue();
        const change = { add: [], remove: issue.assignees };
        expect(value(await tracker.setAssignees(issue, change)).assignees).toEqual([]);
        expect((await world.look()).assigneeIds).toEqual([]);
      });

      it('changes hands, and keeps co-assignees where it can hold several', async () => {
        const many = traitsOf(world.provider).capacity === 'many';
        await world.assignByHand(many ? [world.bob, world.carol] : [world.bob]);
        const issue = await readIssue();
        const bob = issue.assignees.filter(({ externalId }) => externalId === world.bob.externalId);
        if (many) {
          value(await tracker.setAssignees(issue, { add: [], remove: bob }));
        } else {
          value(await tracker.setAssignees(issue, { add: [world.carol], remove: bob }));
        }
        expect((await world.look()).assigneeIds).toEqual([world.carol.externalId]);
      });

      it('shows when a person was refused, and keeps who is there', async () => {
        await world.assignByHand([world.bob]);
        const change = { add: [world.stranger], remove: [] };
        const reply = await tracker.setAssignees(await readIssue(), change);
        const refusal = reply.ok
          ? refusalIn(change, reply.value, traitsOf(world.provider))
          : reply.failure.kind === 'rejected' && reply.failure.reason;
        expect(refusal).toMatch(/\S/);
        expect((await world.look()).assigneeIds).toEqual([world.bob.externalId]);
      });

      it('is closed and reopened', async () => {
        const closed = value(await tracker.setStatus(await readIssue(), 'closed'));
        expect(closed.status).toBe('closed');
        expect((await world.look()).status).toBe('closed');
        expect(value(await tracker.setStatus(closed, 'open')).status).toBe('open');
        expect((await world.look()).status).toBe('open');
      });

      it('refuses a write over a newer state as stale, where the tracker can compare', async () => {
        const issue = await readIssue();
        await world.assignByHand([world.carol]);
        const reply = await tracker.setAssignees(issue, { add: [world.bob], remove: [] });
        const holders = (await world.look()).assigneeIds;
        if (world.comparesRevisions) {
          expect(failure(reply).kind).toBe('stale');
          expect(holders).toEqual([world.carol.externalId]);
        } else {
          expect(reply.ok).toBe(true);
          expect(holders).toContain(world.bob.externalId);
        }
      });

      it.each(['', 'no key', '../../etc', 'a/b#c', '4711/#'])(
        'is broken under the key %j',
        async (key) => {
          expect(failure(await tracker.getIssue(key)).kind).toBe('broken');
        },
      );

      it('is broken when there is none', async () => {
        expect(failure(await tracker.getIssue(world.missingKey)).kind).toBe('broken');
      });
    });

    describe('people', () => {
      it('are found by their exact e-mail address, whatever its case', async () => {
        const found = await tracker.findUser({
          by: 'email',
          value: world.bob.email.toUpperCase(),
          issueKey: world.issueKey,
        });
        expect(value(found)?.externalId).toBe(world.bob.externalId);
      });

      it('are found by their login, where there are logins', async () => {
        const found = await tracker.findUser({
          by: 'login',
          value: `@${world.login ?? 'bob'}`,
          issueKey: world.issueKey,
        });
        expect(value(found)?.externalId ?? null).toBe(
          world.login === null ? null : world.bob.externalId,
        );
      });

      it.each(['email', 'login'] as const)(
        'are not invented: an unknown %s is nobody',
        async (by) => {
          const query = { by, value: 'nobody@elsewhere.io', issueKey: world.issueKey };
          expect(value(await tracker.findUser(query))).toBeNull();
        },
      );

      it('include ourselves', async () => {
        expect(value(await tracker.whoAmI())).toMatchObject(world.self);
      });
    });

    describe('a failure', () => {
      afterEach(() => proxy.disarm());

      const retryIn30s = { 'retry-after': '30' };
      const untilThen = { 'retry-after': 'Sun, 22 Nov 2026 12:00:45 GMT' };
      it.each<[string, Fault, Partial<TrackerFailure>]>([
        ['500 is transient', answer(500), { kind: 'transient', retryAfterMs: null }],
        ['503 says when', answer(503, retryIn30s), { kind: 'transient', retryAfterMs: 30_000 }],
        ['408 is transient', answer(408), { kind: 'transient' }],
        ['a cut connection is transient', { kind: 'cut' }, { kind: 'transient' }],
        [
          '429 pauses the integration for the time that it names',
          answer(429, retryIn30s),
          { kind: 'rateLimited', untilMs: nowMs + 30_000, scope: 'integration' },
        ],
        [
          '429 may name a date',
          answer(429, untilThen),
          { kind: 'rateLimited', untilMs: nowMs + 45_000 },
        ],
        [
          '429 without a word pauses for a minute',
          answer(429),
          { kind: 'rateLimited', untilMs: nowMs + 60_000 },
        ],
        ['403 is a refusal', answer(403), { kind: 'rejected' }],
        ['409 is a lost race', answer(409), { kind: 'stale' }],
        ['404 is a broken link', answer(404), { kind: 'broken' }],
        ['410 is a broken link', answer(410), { kind: 'broken' }],
        ['a 200 that is no issue is transient', answer(200), { kind: 'transient' }],
        [
          'a 200 that is no JSON is transient',
          { kind: 'answer', status: 200, body: '<html>' },
          { kind: 'transient' },
        ],
      ])('%s', async (_, fault, expected) => {
        proxy.arm(fault);
        expect(failure(await tracker.getIssue(world.issueKey))).toMatchObject(expected);
        expect((await tracker.getIssue(world.issueKey)).ok).toBe(true);
      });

      it('401 means that the credentials are not good', async () => {
        // An App mints a new token and tries again.
        proxy.arm(answer(401));
        proxy.arm(answer(401));
        const fresh = await connect(proxy.url, world.credentials);
        expect(failure(await fresh.getIssue(world.issueKey)).kind).toBe('unauthorized');
      });

      it('of somebody with wrong credentials is unauthorized', async () => {
        const intruder = await connect(proxy.url, world.wrongCredentials);
        expect(failure(await intruder.whoAmI()).kind).toBe('unauthorized');
      });

      it('of a tracker that does not answer ends with the time limit', async () => {
        const impatient = await connect(proxy.url, world.credentials, 100);
        await impatient.whoAmI();
        proxy.arm({ kind: 'silence' });
        const reply = failure(await impatient.getIssue(world.issueKey));
        expect(reply.kind).toBe('transient');
        expect(reply.reason).toContain('did not answer in time');
      });

      it('of a write says the same as of a read', async () => {
        const issue = await readIssue();
        proxy.arm(answer(503));
        const reply = await tracker.setStatus(issue, 'closed');
        expect(failure(reply).kind).toBe('transient');
      });

      it('never takes the credentials to another host: a redirect there is not followed', async () => {
        const elsewhere = await startFaultProxy(world.url);
        try {
          proxy.arm(answer(301, { location: `${elsewhere.url}/stolen` }));
          expect(failure(await tracker.getIssue(world.issueKey)).kind).toBe('blocked');
          expect(elsewhere.requests).toEqual([]);
        } finally {
          await elsewhere.stop();
        }
      });

      it('follows a redirect of its own host, and reports the key that the issue has now', async () => {
        const seen = proxy.requests.length;
        value(await tracker.getIssue(world.issueKey));
        const path = proxy.requests[seen]?.path ?? '';
        proxy.arm(answer(301, { location: `${proxy.url}${path}` }));
        expect(value(await tracker.getIssue(world.issueKey)).key).toBe(world.issueKey);
      });

      it('of an address inside the network happens before anything is sent', async () => {
        const guarded = await createTracker(world.provider, {
          baseUrl: proxy.url,
          credentials: world.credentials,
          allowPrivateAddress: false,
        });
        const seen = proxy.requests.length;
        expect(failure(await guarded.getIssue(world.issueKey)).kind).toBe('blocked');
        expect(proxy.requests.length).toBe(seen);
      });
    });
  });
}

function answer(status: number, headers: Record<string, string> = {}): Fault {
  return { kind: 'answer', status, headers };
}

function ids(people: readonly ExternalPerson[]): readonly string[] {
  return people.map(({ externalId }) => externalId);
}

function value<T>(reply: TrackerReply<T>): T {
  if (!reply.ok) {
    throw new Error(`${reply.failure.kind}: ${reply.failure.reason}`);
  }
  return reply.value;
}

function failure(reply: TrackerReply<unknown>): TrackerFailure {
  if (reply.ok) {
    throw new Error(`A failure was expected, but the answer was ${JSON.stringify(reply.value)}`);
  }
  return reply.failure;
}
