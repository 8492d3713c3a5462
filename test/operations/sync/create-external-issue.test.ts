import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { DomainError } from '../../../shared/domain/errors.ts';
import { LEASE_MS } from '../../../shared/domain/idempotency.ts';
import type { TrackerFailure, TrackerReply } from '../../../shared/domain/sync/failure.ts';
import { answerOnce } from '../../../shared/operations/answer-once.ts';
import { createExternalIssue } from '../../../shared/operations/sync/create-external-issue.ts';
import { findIntegration } from '../../../shared/operations/sync/integrations.ts';
import type { Renewal } from '../../../shared/secrets/tracker-source.ts';
import type { Tracker } from '../../../shared/trackers/tracker.ts';
import { wireApiStores } from '../../../shared/wire-stores.ts';
import { survives } from '../../support/crash/cascade-worker.ts';
import { everyDeath } from '../../support/crash/every-death.ts';
import { surroundings } from '../../support/operations.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const NOW = Date.now();
const issues = Array.from({ length: 60 }, (_, index) => String(7_000 + index));
const wanted = { container: 'acme/shop', title: 'Broken', description: '', kind: '' };
const warn = () => undefined;

type Stores = ReturnType<typeof wireApiStores>;

let world: TestWorld;
let alive: Stores;
let next = 0;
const nextIssue = () => issues[next++] ?? expect.fail('There are too few issues.');

beforeAll(async () => {
  world = await worldOnFreshTable({
    organizations: smallWorld.organizations.map((one) => ({
      ...one,
      features: ['integrations-issue-sync' as const],
    })),
    groups: issues.map((id) => ({ id, project: '31', shortId: `SHOP-${id}`, title: 't' })),
    integrations: ['501', '502'].map((id) => ({
      ...{ id, organization: 'acme', provider: 'github', name: 'acme', config: {} },
      ...{ baseUrl: 'https://tracker.example.com', secretRef: 'none' },
    })),
  });
  alive = wireApiStores(world.stores.table);
});

/** A tracker in memory that answers in turn what it is told to, and then creates. */
function trackerWith(...answers: TrackerReply<string>[]) {
  const created: string[] = [];
  const renewals: Renewal[] = [];
  const createIssue = async (): Promise<TrackerReply<string>> => {
    const answer = answers.shift();
    if (answer !== undefined) {
      return answer;
    }
    created.push(`acme/shop#${randomUUID().replace(/\D/g, '').replace(/^0+/, '').slice(0, 9)}`);
    return { ok: true, value: created.at(-1) ?? '' };
  };
  // Nothing else of it is asked.
  const tracker = { createIssue } as unknown as Tracker;
  const source = {
    of: async () => ({ ok: true, value: tracker }) as const,
    renew: async () => renewals.shift() ?? 'refused',
  };
  return { created, renewals, source };
}

type Asked = { readonly stores?: Stores; readonly nowMs?: number; readonly integration?: string };

/** A request with a key of its own, as often as it is sent. */
function requestFor(issue: string, { source }: ReturnType<typeof trackerWith>) {
  const hash = randomUUID();
  return async ({ stores = alive, nowMs = NOW, integration: id = '501' }: Asked = {}) => {
    const requestId = randomUUID();
    const keyed = { reach: '1', tokenId: 't', hash, fingerprint: 'f', requestId, claimsKey: true };
    const deps = { repeats: stores.repeats, nowMs: () => nowMs, log: { warn } };
    const { answer } = await answerOnce(deps, keyed, async () => {
      try {
        const row = (await stores.groups.withAssignments([issue])).get(issue);
        const link = await createExternalIssue(
          { ...stores, ...surroundings(), trackers: source },
          {
            row: row ?? expect.fail(`${issue} is not there.`),
            integration: await findIntegration(stores, '1', id),
            ...{ issue: wanted, requestId, progress: stores.repeats.progressOf(() => nowMs) },
          },
        );
        return { status: 201, headers: {}, body: JSON.stringify(link.externalKey) };
      } catch (error) {
        if (!(error instanceof DomainError)) {
          throw error;
        }
        const body = JSON.stringify(error.fields ?? error.detail);
        return { status: error.code === 'conflict' ? 409 : 400, headers: {}, body };
      }
    });
    return answer;
  };
}

const keysOf = async (issue: string) =>
  (await world.stores.links.ofGroup(issue)).map(({ externalKey }) => externalKey);

const failed = (failure: TrackerFailure): TrackerReply<string> => ({ ok: false, failure });
const REASON = 'GitHub said so.';
const transient = { kind: 'transient', reason: REASON, retryAfterMs: null } as const;

describe('an issue that is created at a tracker', () => {
  it('is created once and linked, however often it is asked for under one key', async () => {
    const issue = nextIssue();
    const tracker = trackerWith();
    const send = requestFor(issue, tracker);
    const first = await send();
    expect(first).toMatchObject({ status: 201, body: JSON.stringify(tracker.created[0]) });
    expect(await send()).toEqual(first);
    expect(tracker.created).toHaveLength(1);
    expect(await keysOf(issue)).toEqual(tracker.created);
  });

  it('is one, or nobody knows, wherever the process dies; and what was noted is linked', async () => {
    const seen = new Set<string>();
    await everyDeath(async (death) => {
      const issue = nextIssue();
      const tracker = trackerWith();
      const send = requestFor(issue, tracker);
      const lived = await survives(world, death, ({ table }) =>
        send({ stores: wireApiStores(table) }),
      );
      const { status } = await send({ nowMs: NOW + LEASE_MS });
      const again = await send({ nowMs: NOW + 2 * LEASE_MS });
      expect(again.status).toBe(status);
      expect(tracker.created.length).toBeLessThanOrEqual(1);
      expect(await keysOf(issue)).toEqual(status === 201 ? tracker.created : []);
      seen.add(`${status} ${tracker.created.length}`);
      return lived;
    });
    expect([...seen].sort()).toEqual(['201 1', '409 0', '409 1']);
  });

  it('is not created a second time where the first one was not noted', async () => {
    const issue = nextIssue();
    const tracker = trackerWith();
    const { value } = await tracker.source.of();
    const dying: Tracker = {
      ...value,
      async createIssue(one) {
        await value.createIssue(one);
        throw new Error('The process was killed.');
      },
    };
    const of = async () => ({ ok: true, value: dying }) as const;
    const send = requestFor(issue, { ...tracker, source: { ...tracker.source, of } });
    await expect(send()).rejects.toThrow('killed');
    expect((await send()).status).toBe(409);
    expect(tracker.created).toHaveLength(1);
    expect(await keysOf(issue)).toEqual([]);
  });

  it('is not asked for again where the tracker’s answer was lost', async () => {
    const issue = nextIssue();
    const tracker = trackerWith(failed(transient));
    const send = requestFor(issue, tracker);
    expect(await send()).toMatchObject({ status: 409, body: expect.stringContaining(REASON) });
    expect(await send()).toMatchObject({ status: 409 });
    expect(tracker.created).toEqual([]);
    expect((await requestFor(issue, tracker)()).status).toBe(201);
  });

  it.each<[TrackerFailure, number]>([
    [{ kind: 'rejected', reason: REASON }, 400],
    [{ kind: 'broken', reason: REASON }, 400],
    [{ kind: 'blocked', reason: REASON }, 400],
    [{ kind: 'stale', reason: REASON }, 409],
    [{ kind: 'unauthorized', reason: REASON }, 409],
    [{ kind: 'rateLimited', reason: REASON, untilMs: NOW + 60_000, scope: 'link' }, 409],
  ])('is not there after %j, and a later request asks anew', async (failure, status) => {
    const issue = nextIssue();
    const tracker = trackerWith(failed(failure));
    const send = requestFor(issue, tracker);
    expect((await send()).status).toBe(status);
    // A refusal is kept with its key; what time may mend is not.
    expect((await send()).status).toBe(status === 409 ? 201 : 400);
    expect(tracker.created).toHaveLength(status === 409 ? 1 : 0);
  });

  it('is asked for again with newer credentials', async () => {
    const issue = nextIssue();
    const tracker = trackerWith(failed({ kind: 'unauthorized', reason: REASON }));
    tracker.renewals.push('renewed');
    expect((await requestFor(issue, tracker)()).status).toBe(201);
  });

  it('is not asked for while the tracker wants quiet', async () => {
    const pause = { kind: 'rateLimited', reason: REASON, untilMs: NOW + 60_000 } as const;
    const tracker = trackerWith(failed({ ...pause, scope: 'integration' }));
    for (const issue of [nextIssue(), nextIssue()]) {
      expect(await requestFor(issue, tracker)({ integration: '502' })).toMatchObject({
        status: 409,
        body: expect.stringContaining(new Date(NOW + 60_000).toISOString()),
      });
    }
    expect(tracker.created).toEqual([]);
  });
});
