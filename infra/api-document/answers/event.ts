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

/** The tags of an issue: they are counted over its events, which are not kept. */
export const tags = noneHere;

/** A fingerprint that leads to an issue; of which event is not known. */
export const hash = v.strictObject({ id, latestEvent: v.null() });
