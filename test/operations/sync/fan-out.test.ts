import { beforeEach, describe, expect, it } from 'vitest';
import { type FifoMessage, fanOut } from '../../../shared/operations/sync/fan-out.ts';
import { NOW } from '../../support/builders.ts';
import { heardBy } from '../../support/bus-events.ts';
import { surroundings } from '../../support/operations.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

let world: TestWorld;
let outbound: FifoMessage[];
let inbound: FifoMessage[];

beforeEach(async () => {
  world = await worldOnFreshTable({
    integrations: [
      {
        id: '501',
        organization: 'acme',
        provider: 'github',
        name: 'GitHub',
        baseUrl: 'https://api.github.com',
        secretRef: 'none',
        config: {},
      },
    ],
    links: ['acme/a#1', 'acme/a#2'].map((key) => ({ group: '101', integration: '501', key })),
  });
  outbound = [];
  inbound = [];
});

const deps = () => ({
  ...world.stores,
  ...surroundings(),
  sendOutbound: async (messages: readonly FifoMessage[]) => void outbound.push(...messages),
  sendInbound: async (messages: readonly FifoMessage[]) => void inbound.push(...messages),
});
const nobody = { previous: null, source: '501' };
const event = (type: string, groupId: string | undefined, data: Record<string, unknown>) => {
  const heard = heardBy('sync-fanout', {
    type,
    detail: {
      eventId: 'event',
      aggregateId: 'group:101',
      version: 1,
      occurredAt: NOW,
      requestId: 'request',
      organizationId: '1',
      projectId: '31',
      ...(groupId === undefined ? {} : { groupId }),
      data,
    },
  });
  if (heard.type === 'integration.deleted') {
    throw new Error('An integration that is gone has no links to tell.');
  }
  return heard;
};
const linkIds = async () => (await world.stores.links.ofGroup('101')).map(({ id }) => id);

describe('an event', () => {
  it.each([
    ['issue.assigned', { assignee: { type: 'user', id: '11' }, isFirstAssignment: true }],
    ['issue.unassigned', {}],
    [
      'issue.status_changed',
      { status: 'resolved', substatus: null, previous: { status: 'unresolved', substatus: null } },
    ],
  ])(
    '%s becomes one message for each link, in a message group of its own, whoever caused it',
    async (type, data) => {
      await fanOut(deps(), event(type, '101', { ...nobody, ...data }));
      expect(outbound).toEqual(
        (await linkIds()).map((linkId) => ({
          messageGroupId: linkId,
          deduplicationId: `event#${linkId}`,
          body: { groupId: '101', linkId, verify: false, onDrift: 'adopt', requestId: 'request' },
        })),
      );
      expect(outbound).toHaveLength(2);
    },
  );

  it('of a group without links becomes nothing', async () => {
    await fanOut(deps(), event('issue.unassigned', '102', nobody));
    expect(outbound).toEqual([]);
  });

  it('that asks for one link becomes a message for that one', async () => {
    const asked = { linkId: '7', verify: true, onDrift: 'repair' };
    await fanOut(deps(), event('sync.requested', '101', asked));
    expect(outbound.map(({ body }) => body)).toEqual([
      { ...asked, groupId: '101', requestId: 'request' },
    ]);
  });

  it('of a webhook goes to the message group of its external issue, however its key is written', async () => {
    const snapshot = {
      externalKey: 'Acme/A#1',
      deliveryId: 'd',
      stableId: null,
      assignees: [{ externalId: '1', externalName: 'octocat' }],
      status: null,
      externalVersion: { atMs: 1, rev: null },
      actor: null,
      incomplete: false,
    };
    await fanOut(
      deps(),
      event('integration.webhook.received', undefined, { integrationId: '501', snapshot }),
    );
    expect(outbound).toEqual([]);
    expect(inbound).toEqual([
      {
        messageGroupId: '501#acme/a#1',
        deduplicationId: 'event',
        body: { integrationId: '501', snapshot, requestId: 'request' },
      },
    ]);
  });
});
