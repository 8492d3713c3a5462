import { PAGED } from '../parameters.ts';
import type { Documentation } from '../row.ts';

const list = { tag: 'Events', query: PAGED } as const;
const HASHES = 'A fingerprint leads every event that has it to the issue.';
const EVENTS =
  'Baton keeps no events: the list has the latest one, as far as the issue tells of it.';
const TAGS =
  'Baton keeps no events. What it knows of their tags are the first 50 environments that the issue was seen in; how often, and when, is null. Every other key is 404, as one that no event had.';
const value = {
  ...{ key: 'environment', name: 'prod', value: 'prod', query: 'environment:"prod"' },
  ...{ count: null, firstSeen: null, lastSeen: null },
};
const tag = {
  ...{ key: 'environment', name: 'Environment', uniqueValues: 1, totalValues: null },
  topValues: [value],
};
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
    summary: 'List the tags that are known of the events of an issue, named by id alone.',
    description: TAGS,
    example: {},
  },
  getIssueTag: {
    tag: 'Events',
    summary: 'Read what is known of a tag of the events of an issue, named by id alone.',
    description: TAGS,
    example: { status: 404 },
    shown: tag,
  },
  listIssueTagValues: {
    ...list,
    summary:
      'List the values that are known of a tag of the events of an issue, named by id alone.',
    description: TAGS,
    example: { status: 404 },
    shown: [value],
  },
  listOrganizationIssueTags: {
    ...list,
    summary: 'List the tags that are known of the events of an issue, named by id or short id.',
    description: TAGS,
    example: ofShortId,
  },
  getOrganizationIssueTag: {
    tag: 'Events',
    summary: 'Read what is known of a tag of the events of an issue, named by id or short id.',
    description: TAGS,
    example: { ...ofShortId, status: 404 },
    shown: tag,
  },
  listOrganizationIssueTagValues: {
    ...list,
    summary:
      'List the values that are known of a tag of the events of an issue, named by id or short id.',
    description: TAGS,
    example: { ...ofShortId, status: 404 },
    shown: [value],
  },
  getLatestEvent: {
    tag: 'Events',
    summary: 'Read the latest event of an issue.',
    description: 'Baton keeps no events: it is made of what the issue tells of its latest one.',
    example: ofShortId,
  },
} as const satisfies Documentation;
