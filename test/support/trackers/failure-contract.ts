import { afterEach, describe, expect, it } from 'vitest';
import type { TrackerFailure } from '../../../shared/domain/sync/failure.ts';
import { createTracker } from '../../../shared/trackers/create-tracker.ts';
import { type Fault, startFaultProxy } from './fault-proxy.ts';
import { failure, value } from './replies.ts';
import { sessionNowMs as nowMs, type TrackerSession } from './tracker-session.ts';

/** The half of the contract that is about what goes wrong: every fault has one meaning. */
export function failureContract(session: TrackerSession): void {
  describe('a failure', () => {
    afterEach(() => session.proxy().disarm());

    const retryIn30s = { 'retry-after': '30' };
    const untilThen = { 'retry-after': 'Sun, 22 Nov 2026 12:00:45 GMT' };
    it.each<[string, Fault, Partial<TrackerFailure>]>([
      ['500 is transient', answer(500), { kind: 'transient', retryAfterMs: null }],
      ['503 says when', answer(503, retryIn30s), { kind: 'transient', retryAfterMs: 30_000 }],
      ['408 is transient', answer(408), { kind: 'transient' }],
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
      session.proxy().arm(fault);
      expect(failure(await session.tracker().getIssue(session.world().issueKey))).toMatchObject(
        expected,
      );
      expect((await session.tracker().getIssue(session.world().issueKey)).ok).toBe(true);
    });

    it('a new connection that is cut is transient', async () => {
      const fresh = await session.connect(session.proxy().url, session.world().credentials);
      session.proxy().arm({ kind: 'cut' });
      expect(failure(await fresh.getIssue(session.world().issueKey)).kind).toBe('transient');
      expect((await fresh.getIssue(session.world().issueKey)).ok).toBe(true);
    });

    it('401 means that the credentials are not good', async () => {
      // An App mints a new token and tries again.
      session.proxy().arm(answer(401));
      session.proxy().arm(answer(401));
      const fresh = await session.connect(session.proxy().url, session.world().credentials);
      expect(failure(await fresh.getIssue(session.world().issueKey)).kind).toBe('unauthorized');
    });

    it('of somebody with wrong credentials is unauthorized', async () => {
      const intruder = await session.connect(session.proxy().url, session.world().wrongCredentials);
      expect(failure(await intruder.whoAmI()).kind).toBe('unauthorized');
    });

    it('of a tracker that does not answer ends with the time limit', async () => {
      const impatient = await session.connect(
        session.proxy().url,
        session.world().credentials,
        100,
      );
      await impatient.whoAmI();
      session.proxy().arm({ kind: 'silence' });
      const reply = failure(await impatient.getIssue(session.world().issueKey));
      expect(reply.kind).toBe('transient');
      expect(reply.reason).toContain('did not answer in time');
    });

    it('of a write says the same as of a read', async () => {
      const issue = await session.readIssue();
      session.proxy().arm(answer(503));
      const reply = await session.tracker().setStatus(issue, 'closed');
      expect(failure(reply).kind).toBe('transient');
    });

    it('never takes the credentials to another host: a redirect there is not followed', async () => {
      const elsewhere = await startFaultProxy(session.world().url);
      try {
        session.proxy().arm(answer(301, { location: `${elsewhere.url}/stolen` }));
        expect(failure(await session.tracker().getIssue(session.world().issueKey)).kind).toBe(
          'blocked',
        );
        expect(elsewhere.requests).toEqual([]);
      } finally {
        await elsewhere.stop();
      }
    });

    it('follows a redirect of its own host, and reports the key that the issue has now', async () => {
      const seen = session.proxy().requests.length;
      value(await session.tracker().getIssue(session.world().issueKey));
      const path = session.proxy().requests[seen]?.path ?? '';
      session.proxy().arm(answer(301, { location: `${session.proxy().url}${path}` }));
      expect(value(await session.tracker().getIssue(session.world().issueKey)).key).toBe(
        session.world().issueKey,
      );
    });

    it('of an address inside the network happens before anything is sent', async () => {
      const guarded = await createTracker(session.world().provider, {
        baseUrl: session.proxy().url,
        credentials: session.world().credentials,
        allowPrivateAddress: false,
      });
      const seen = session.proxy().requests.length;
      expect(failure(await guarded.getIssue(session.world().issueKey)).kind).toBe('blocked');
      expect(session.proxy().requests.length).toBe(seen);
    });
  });
}

function answer(status: number, headers: Record<string, string> = {}): Fault {
  return { kind: 'answer', status, headers };
}
