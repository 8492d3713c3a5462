import * as v from 'valibot';
import { count, id, noneHere, time } from './parts.ts';

/** The latest event of an issue, as far as the issue tells of it: Baton keeps no events. */
export const event = v.strictObject({
  id,
  eventID: id,
  groupID: id,
  projectID: id,
  title: v.string(),
  message: v.string(),
  type: v.picklist(['error', 'generic']),
  culprit: v.nullable(v.string()),
  location: v.nullable(v.string()),
  platform: v.nullable(v.string()),
  metadata: v.record(v.string(), v.unknown()),
  dateCreated: time,
  dateReceived: time,
  entries: noneHere,
  tags: noneHere,
  contexts: v.strictObject({}),
  context: v.strictObject({}),
  user: v.null(),
  sdk: v.null(),
  release: v.null(),
  dist: v.null(),
  packages: v.strictObject({}),
  errors: noneHere,
  fingerprints: noneHere,
  crashFile: v.null(),
  occurrence: v.null(),
  userReport: v.null(),
  size: count,
  nextEventID: v.null(),
  previousEventID: v.null(),
});

/** A value of a tag; how many events had it is not known, nor when. */
export const tagValue = v.strictObject({
  key: v.string(),
  name: v.string(),
  value: v.string(),
  query: v.string(),
  count: v.null(),
  firstSeen: v.null(),
  lastSeen: v.null(),
});

/** A tag of the events of an issue, with the values that are known. */
export const tag = v.strictObject({
  key: v.string(),
  name: v.string(),
  uniqueValues: count,
  totalValues: v.null(),
  topValues: v.array(tagValue),
});

/** A fingerprint that leads to an issue; of which event is not known. */
export const hash = v.strictObject({ id, latestEvent: v.null() });

/** What an SDK is answered. */
export const receivedEvent = v.strictObject({
  id: v.pipe(
    v.nullable(v.string()),
    v.description('The id of the event; null where nothing that was sent had one.'),
  ),
});
