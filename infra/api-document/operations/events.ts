import { PAGED } from '../parameters.ts';
import type { Documentation } from '../row.ts';

const list = { tag: 'Events', query: PAGED } as const;
const HASHES = 'A fingerprint leads every event that has it to the issue.';
const EVENTS =
  'Baton keeps no events: the list has the latest one, as far as the issue tells of it.';
const TAGS = 'Baton keeps no events, so there are no tags to count: the list is empty.';
const ofShortId = { path: { issue: 'SHOP-1' } };

/** What the API document says of what is known of events. */
export const EVENT_OPERATIONS = {
  listIssueHashes: {
    ...list,
    summary: 'List the hashes of the fingerprints that lead to an issue, named by id alone.',
    description: HASHES,
    example: {},
  },
  listOrganizationIssueHashes: {
    ...list,
    summary: 'List the hashes of the fingerprints that lead to an issue, named by id or short id.',
    description: HASHES,
    example: ofShortId,
  },
  listIssueEvents: {
    ...list,
    summary: 'List the events that are known of an issue, named by id alone: the latest one.',
    description: EVENTS,
    example: {},
  },
  listOrganizationIssueEvents: {
    ...list,
    summary: 'List the events that are known of an issue, named by id or short id: the latest one.',
    description: EVENTS,
    example: {
      ...ofShortId,
      query: { start: ['2026-11-01T00:00:00Z'], end: ['2026-12-01T00:00:00Z'] },
    },
  },
  listIssueTags: {
    ...list,
    summary:
      'List the tags of an issue, named by id alone; events are not kept, so there are none.',
    description: TAGS,
    example: {},
  },
  listOrganizationIssueTags: {
    ...list,
    summary:
      'List the tags of an issue, named by id or short id; events are not kept, so there are none.',
    description: TAGS,
    example: ofShortId,
  },
  getLatestEvent: {
    tag: 'Events',
    summary: 'Read the latest event of an issue.',
    description: 'Baton keeps no events: it is made of what the issue tells of its latest one.',
    example: ofShortId,
  },
} as const satisfies Documentation;
