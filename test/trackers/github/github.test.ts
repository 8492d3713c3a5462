import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTracker } from '../../../shared/trackers/create-tracker.ts';
import { type RunningServer, startDouble } from '../../support/trackers/double-server.ts';

/** What the emulator cannot play: accounts that were renamed, repositories that moved. */
describe('GitHub', () => {
  let server: RunningServer;
  let written: unknown;
  const issue = (assignees: readonly unknown[]) => ({
    id: 5,
    number: 9,
    state: 'open',
    repository_url: `${server.url}/repos/new-owner/renamed`,
    updated_at: '2026-11-21T10:00:00Z',
    assignees,
  });

  beforeAll(async () => {
    server = await startDouble([
      [
        'GET',
        /^\/repos\/old-owner\/hello\/issues\/7$/,
        () => ({
          status: 301,
          headers: { location: `${server.url}/repositories/77/issues/9` },
          body: { message: 'Moved Permanently' },
        }),
      ],
      ['GET', /^\/repositories\/77\/issues\/9$/, () => ({ status: 200, body: issue([]) })],
      ['GET', /^\/user\/4$/, () => ({ status: 200, body: { id: 4, login: 'hubot-renamed' } })],
      [
        'POST',
        /^\/repos\/new-owner\/renamed\/issues\/9\/assignees$/,
        ({ body, headers }) => {
          written = [headers.authorization, body];
          // Whoever lacks access is left out in silence.
          return { status: 201, body: issue([]) };
        },
      ],
    ]);
  });
  afterAll(() => server.stop());

  const connect = () =>
    createTracker('github', {
      baseUrl: `${server.url}/`,
      credentials: { kind: 'token', token: 'tok1', email: null },
      allowPrivateAddress: true,
    });

  it('follows an issue to where it was transferred, and says its new key', async () => {
    const reply = await (await connect()).getIssue('old-owner/hello#7');
    expect(reply).toMatchObject({ ok: true, value: { key: 'new-owner/renamed#9', stableId: '5' } });
  });

  it('assigns the login that the account has now, with a bearer token', async () => {
    const tracker = await connect();
    const read = await tracker.getIssue('old-owner/hello#7');
    if (!read.ok) {
      throw new Error(read.failure.reason);
    }
    const add = [{ externalId: '4', externalName: '@hubot' }];
    const reply = await tracker.setAssignees(read.value, { add, remove: [] });
    expect(written).toEqual(['Bearer tok1', { assignees: ['hubot-renamed'] }]);
    expect(reply).toMatchObject({ ok: true, value: { assignees: [] } });
  });
});
