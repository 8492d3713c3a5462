import { describe, expect, it } from 'vitest';
import { normalizeKey } from '../../../shared/domain/sync/external-key.ts';
import type { TrackerFailure } from '../../../shared/domain/sync/failure.ts';
import { failure, value } from './replies.ts';
import type { TrackerSession } from './tracker-session.ts';

/** The part of the contract that is about creating issues. */
export function creationContract(session: TrackerSession): void {
  describe('a new issue', () => {
    const title = 'Checkout fails: "<b>Größe" & co.';
    const description = 'SHOP-1: https://baton.example/1/\n\nSeen 3 < 5 times & counting';
    const ours = () => ({ container: session.world().container, kind: session.world().kind });

    it.each([description, ''])('is created with its title and the text %j', async (text) => {
      const { world, tracker } = session;
      const before = (await world().created()).length;
      const reply = await tracker().createIssue({ ...ours(), title, description: text });
      const key = value(reply);
      expect((await world().created()).slice(before)).toEqual([{ key, title, description: text }]);
      expect(normalizeKey(world().provider, key)).toBe(key);
    });

    it('is refused where its project is not there, and none is created', async () => {
      const { world, tracker } = session;
      const before = await world().created();
      const container = world().missingContainer;
      const kind = world().kind;
      const reply = await tracker().createIssue({ container, kind, title, description });
      expect(['rejected', 'broken']).toContain(failure(reply).kind);
      expect(await world().created()).toEqual(before);
    });

    it.each<[number, ...TrackerFailure['kind'][]]>([
      [503, 'transient'],
      [200, 'transient'],
      [409, 'stale'],
      [410, 'broken', 'rejected'],
      [422, 'rejected'],
      [429, 'rateLimited'],
    ])('that is answered %d is a failure: %s', async (status, ...kinds) => {
      session.proxy().arm({ kind: 'answer', status });
      const reply = await session.tracker().createIssue({ ...ours(), title, description });
      expect(kinds).toContain(failure(reply).kind);
      session.proxy().disarm();
    });
  });
}
