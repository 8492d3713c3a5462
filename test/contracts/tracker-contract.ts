import { beforeEach, describe, expect, it } from 'vitest';
import { type ExternalPerson, traitsOf } from '../../shared/domain/sync/external-issue.ts';
import { refusalIn } from '../../shared/domain/sync/outbound.ts';
import { creationContract } from '../support/trackers/creation-contract.ts';
import { failureContract } from '../support/trackers/failure-contract.ts';
import { failure, value } from '../support/trackers/replies.ts';
import { trackerSession } from '../support/trackers/tracker-session.ts';
import type { TrackerWorld } from '../support/trackers/tracker-world.ts';

/** What every provider promises, whatever plays the session.tracker(). */
export function trackerContract(name: string, start: () => Promise<TrackerWorld>): void {
  describe(name, () => {
    const session = trackerSession(start);
    const { readIssue } = session;

    describe('an issue', () => {
      beforeEach(async () => {
        await session.world().assignByHand([]);
      });

      it('is read with its people, its status and the version of its last change', async () => {
        await session.world().assignByHand([session.world().bob]);
        const issue = await readIssue();
        expect(issue.key).toBe(session.world().issueKey);
        expect(issue.stableId).not.toBe('');
        expect(ids(issue.assignees)).toEqual([session.world().bob.externalId]);
        expect(issue.status).toBe('open');
        expect(issue.externalVersion.atMs).toBeGreaterThan(0);
      });

      it('has a version that a change does not lower', async () => {
        const before = await readIssue();
        await session.world().assignByHand([session.world().carol]);
        const after = await readIssue();
        expect(after.externalVersion.atMs).toBeGreaterThanOrEqual(before.externalVersion.atMs ?? 0);
        expect(after.externalVersion.rev ?? 0).toBeGreaterThanOrEqual(
          before.externalVersion.rev ?? 0,
        );
      });

      it('takes a person, and answers how it is afterwards', async () => {
        const change = { add: [session.world().bob], remove: [] };
        const after = value(await session.tracker().setAssignees(await readIssue(), change));
        expect(ids(after.assignees)).toEqual([session.world().bob.externalId]);
        expect((await session.world().look()).assigneeIds).toEqual([
          session.world().bob.externalId,
        ]);
      });

      it('gives a person away again', async () => {
        await session.world().assignByHand([session.world().bob]);
        const issue = await readIssue();
        const change = { add: [], remove: issue.assignees };
        expect(value(await session.tracker().setAssignees(issue, change)).assignees).toEqual([]);
        expect((await session.world().look()).assigneeIds).toEqual([]);
      });

      it('changes hands, and keeps co-assignees where it can hold several', async () => {
        const many = traitsOf(session.world().provider).capacity === 'many';
        await session
          .world()
          .assignByHand(
            many ? [session.world().bob, session.world().carol] : [session.world().bob],
          );
        const issue = await readIssue();
        const bob = issue.assignees.filter(
          ({ externalId }) => externalId === session.world().bob.externalId,
        );
        if (many) {
          value(await session.tracker().setAssignees(issue, { add: [], remove: bob }));
        } else {
          value(
            await session
              .tracker()
              .setAssignees(issue, { add: [session.world().carol], remove: bob }),
          );
        }
        expect((await session.world().look()).assigneeIds).toEqual([
          session.world().carol.externalId,
        ]);
      });

      it('shows when a person was refused, and keeps who is there', async () => {
        await session.world().assignByHand([session.world().bob]);
        const change = { add: [session.world().stranger], remove: [] };
        const reply = await session.tracker().setAssignees(await readIssue(), change);
        const refusal = reply.ok
          ? refusalIn(change, reply.value, traitsOf(session.world().provider))
          : reply.failure.kind === 'rejected' && reply.failure.reason;
        expect(refusal).toMatch(/\S/);
        expect((await session.world().look()).assigneeIds).toEqual([
          session.world().bob.externalId,
        ]);
      });

      it.each(['', '-1', '0', 'bob', 'Infinity', 'null'])(
        'keeps who is there when somebody else is named by the id %j, which nobody has',
        async (externalId) => {
          await session.world().assignByHand([session.world().bob]);
          const change = { add: [{ externalId, externalName: 'nobody-at-all' }], remove: [] };
          const reply = await session.tracker().setAssignees(await readIssue(), change);
          const refusal = reply.ok
            ? refusalIn(change, reply.value, traitsOf(session.world().provider))
            : reply.failure.kind === 'rejected' && reply.failure.reason;
          expect(refusal).toMatch(/\S/);
          const { assigneeIds } = await session.world().look();
          expect(assigneeIds).toEqual([session.world().bob.externalId]);
        },
      );

      it('is closed and reopened, in the states that its workflow has for it', async () => {
        const { closesTo, reopensTo } = session.world();
        const closed = value(await session.tracker().setStatus(await readIssue(), 'closed'));
        expect(closed.status).toBe('closed');
        expect((await session.world().look()).state).toBe(closesTo);
        expect(value(await session.tracker().setStatus(closed, 'open')).status).toBe('open');
        expect((await session.world().look()).state).toBe(reopensTo);
      });

      it('is as its tracker categorizes the state that it is in, whatever that is called', async () => {
        const seen: object[] = [];
        for (const { name } of session.world().states) {
          await session.world().moveByHand(name);
          seen.push({ name, status: (await readIssue()).status });
        }
        expect(seen).toEqual(session.world().states);
      });

      it('is closed from, and reopened from, whichever state it is in', async () => {
        const { states, closesTo, reopensTo } = session.world();
        for (const { name } of states) {
          await session.world().moveByHand(name);
          value(await session.tracker().setStatus(await readIssue(), 'closed'));
          expect([name, (await session.world().look()).state]).toEqual([name, closesTo]);
          await session.world().moveByHand(name);
          value(await session.tracker().setStatus(await readIssue(), 'open'));
          expect([name, (await session.world().look()).state]).toEqual([name, reopensTo]);
        }
      });

      it('does not ask what a state means whenever it is read', async () => {
        await session.world().moveByHand(session.world().reopensTo);
        await readIssue();
        const before = session.world().workflowReads();
        for (let read = 0; read < 5; read += 1) {
          await readIssue();
        }
        expect(session.world().workflowReads()).toBe(before);
      });

      it('refuses a write over a newer state as stale, where the tracker can compare', async () => {
        const issue = await readIssue();
        await session.world().assignByHand([session.world().carol]);
        const reply = await session
          .tracker()
          .setAssignees(issue, { add: [session.world().bob], remove: [] });
        const holders = (await session.world().look()).assigneeIds;
        if (session.world().comparesRevisions) {
          expect(failure(reply).kind).toBe('stale');
          expect(holders).toEqual([session.world().carol.externalId]);
        } else {
          expect(reply.ok).toBe(true);
          expect(holders).toContain(session.world().bob.externalId);
        }
      });

      it.each(['', 'no key', '../../etc', 'a/b#c', '4711/#'])(
        'is broken under the key %j',
        async (key) => {
          expect(failure(await session.tracker().getIssue(key)).kind).toBe('broken');
        },
      );

      it('is broken when there is none', async () => {
        expect(failure(await session.tracker().getIssue(session.world().missingKey)).kind).toBe(
          'broken',
        );
      });
    });

    creationContract(session);

    describe('people', () => {
      it('are found by their exact e-mail address, whatever its case', async () => {
        const found = await session.tracker().findUser({
          by: 'email',
          value: session.world().bob.email.toUpperCase(),
          issueKey: session.world().issueKey,
        });
        expect(value(found)?.externalId).toBe(session.world().bob.externalId);
      });

      it('are found by their login, where there are logins', async () => {
        const found = await session.tracker().findUser({
          by: 'login',
          value: `@${session.world().login ?? 'bob'}`,
          issueKey: session.world().issueKey,
        });
        expect(value(found)?.externalId ?? null).toBe(
          session.world().login === null ? null : session.world().bob.externalId,
        );
      });

      it.each(['email', 'login'] as const)(
        'are not invented: an unknown %s is nobody',
        async (by) => {
          const query = { by, value: 'nobody@elsewhere.io', issueKey: session.world().issueKey };
          expect(value(await session.tracker().findUser(query))).toBeNull();
        },
      );

      it('include ourselves', async () => {
        expect(value(await session.tracker().whoAmI())).toMatchObject(session.world().self);
      });
    });

    failureContract(session);
  });
}

function ids(people: readonly ExternalPerson[]): readonly string[] {
  return people.map(({ externalId }) => externalId);
}
