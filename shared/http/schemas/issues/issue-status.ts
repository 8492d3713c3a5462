import * as v from 'valibot';
import { type FieldMessages, invalidFields } from '../../../domain/errors.ts';
import type { GroupStatus, GroupSubstatus } from '../../../domain/issues/group.ts';
import {
  type IgnoreConditions,
  type ResolvedIn,
  type StatusRequest,
  statusOfSubstatus,
} from '../../../domain/issues/group-status.ts';
import { LONGEST_RELEASE } from '../../../domain/release.ts';
import { boolean, choice, dictionary, integer, maybe, nullable, text } from '../../fields.ts';

/** A hundred years: the end of an archive stays a date that every client can parse. */
const LONGEST_ARCHIVE_MINUTES = 100 * 366 * 24 * 60;
const LONGEST_WINDOW_MINUTES = 7 * 24 * 60;
const LARGEST_COUNT = 2 ** 31 - 1;

const conditions = {
  ignoreDuration: maybe(integer({ min: 0, max: LONGEST_ARCHIVE_MINUTES })),
  ignoreCount: maybe(integer({ min: 0, max: LARGEST_COUNT })),
  ignoreWindow: maybe(integer({ min: 0, max: LONGEST_WINDOW_MINUTES })),
  ignoreUserCount: maybe(integer({ min: 0, max: LARGEST_COUNT })),
  ignoreUserWindow: maybe(integer({ min: 0, max: LONGEST_WINDOW_MINUTES })),
};

/** Baton stores no commits, so every commit is refused as unknown. */
const commit = v.pipe(
  dictionary({ commit: text({ maxLength: 64 }), repository: text({ maxLength: 200 }) }),
  v.check(() => false, 'Unable to find the given commit.'),
);

const statusDetails = dictionary({
  inNextRelease: maybe(boolean()),
  inUpcomingRelease: maybe(boolean()),
  inRelease: maybe(text({ maxLength: LONGEST_RELEASE })),
  inCommit: maybe(commit),
  ...conditions,
});

/** The fields of an issue update that set its status. */
export const statusFields = {
  status: maybe(choice(['resolved', 'resolvedInNextRelease', 'unresolved', 'ignored', 'muted'])),
  substatus: maybe(
    nullable(
      choice([
        'archived_until_escalating',
        'archived_until_condition_met',
        'archived_forever',
        'escalating',
        'ongoing',
        'regressed',
        'new',
      ]),
    ),
  ),
  statusDetails: maybe(statusDetails),
  ...conditions,
  snoozeDuration: maybe(nullable(integer({ min: 0, max: LONGEST_ARCHIVE_MINUTES }))),
};

const schema = v.object(statusFields);
type Fields = v.InferOutput<typeof schema>;
type Details = NonNullable<Fields['statusDetails']>;
type ConditionName = keyof typeof conditions;

/**
 * The status that the fields ask for; undefined if they set none. Throws `request.invalid` for
 * fields that contradict each other or would have no effect.
 */
export function statusRequest(fields: Fields): StatusRequest | undefined {
  const substatus = fields.substatus ?? null;
  const status = statusOf(fields.status, substatus);
  requireEffect(fields, status);
  if (status === undefined) {
    return undefined;
  }
  if (substatus !== null && statusOfSubstatus(substatus) !== status) {
    throw invalidFields({ substatus: [`"${substatus}" is not a valid choice for ${status}.`] });
  }
  const ignoreConditions = conditionsOf(fields);
  if (isUnconditional(substatus) && Object.keys(ignoreConditions).length > 0) {
    throw invalidFields({ substatus: [`"${substatus}" has no conditions.`] });
  }
  return {
    status,
    substatus,
    resolvedIn: status === 'resolved' ? resolvedIn(fields) : null,
    conditions: ignoreConditions,
  };
}

/** A substatus without a status implies the status that it belongs to. */
function statusOf(
  word: Fields['status'],
  substatus: GroupSubstatus | null,
): GroupStatus | undefined {
  switch (word) {
    case undefined:
      return substatus === null ? undefined : statusOfSubstatus(substatus);
    case 'muted':
      return 'ignored';
    case 'resolvedInNextRelease':
      return 'resolved';
    default:
      return word;
  }
}

function isUnconditional(substatus: GroupSubstatus | null): boolean {
  return substatus === 'archived_forever' || substatus === 'archived_until_escalating';
}

const releaseDetails = ['inNextRelease', 'inUpcomingRelease', 'inRelease'] as const;
const conditionNames = Object.keys(conditions) as ConditionName[];
const countOfWindow: Partial<Record<ConditionName, ConditionName>> = {
  ignoreWindow: 'ignoreCount',
  ignoreUserWindow: 'ignoreUserCount',
};

/**
 * Throws `request.invalid` for a release or a condition that the status cannot have. A condition of
 * 0 and a release of false count as absent.
 */
function requireEffect(fields: Fields, status: GroupStatus | undefined): void {
  const details = fields.statusDetails ?? {};
  const inside = releaseComplaints(fields, status);
  const messages = new Map<string, string[]>();
  for (const [name, why] of conditionComplaints(fields, status)) {
    if (details[name]) {
      inside.push(`${name}: ${why}`);
    } else {
      messages.set(isSnooze(fields, name) ? 'snoozeDuration' : name, [why]);
    }
  }
  const all: FieldMessages = {
    ...Object.fromEntries(messages),
    ...(inside.length === 0 ? {} : { statusDetails: inside }),
  };
  if (Object.keys(all).length > 0) {
    throw invalidFields(all);
  }
}

function releaseComplaints(fields: Fields, status: GroupStatus | undefined): string[] {
  const next = fields.status === 'resolvedInNextRelease' ? { inNextRelease: true } : {};
  const asked = { ...fields.statusDetails, ...next };
  const names = releaseDetails.filter((name) => asked[name]);
  if (status !== 'resolved') {
    return names.map((name) => `${name}: This needs the status resolved.`);
  }
  return names.length > 1 ? [`Only one of ${names.join(', ')} can be set.`] : [];
}

function conditionComplaints(
  fields: Fields,
  status: GroupStatus | undefined,
): (readonly [ConditionName, string])[] {
  const asked = { ...topLevelConditions(fields), ...fields.statusDetails };
  const names = conditionNames.filter((name) => asked[name]);
  if (status !== 'ignored') {
    return names.map((name) => [name, 'This needs the status ignored.'] as const);
  }
  return names.flatMap((name) => {
    const count = countOfWindow[name];
    return count === undefined || asked[count] ? [] : [[name, `This needs ${count}.`] as const];
  });
}

function isSnooze(
  { ignoreDuration, statusDetails: details }: Fields,
  name: ConditionName,
): boolean {
  return name === 'ignoreDuration' && !ignoreDuration && !details?.ignoreDuration;
}

function resolvedIn({ status, statusDetails: details = {} }: Fields): ResolvedIn | null {
  if (status === 'resolvedInNextRelease' || details.inNextRelease) {
    return { kind: 'nextRelease' };
  }
  if (details.inUpcomingRelease) {
    return { kind: 'upcomingRelease' };
  }
  if (details.inRelease !== undefined) {
    return { kind: 'release', version: details.inRelease };
  }
  return null;
}

/**
 * Older clients send the conditions beside `statusDetails`; of a condition in both, the one in
 * `statusDetails` is used. A condition of 0 counts as absent.
 */
function conditionsOf(fields: Fields): IgnoreConditions {
  const { ignoreDuration, ignoreCount, ignoreWindow, ignoreUserCount, ignoreUserWindow } = {
    ...topLevelConditions(fields),
    ...fields.statusDetails,
  };
  return {
    ...(ignoreDuration ? { ignoreDuration } : {}),
    ...(ignoreCount ? { ignoreCount } : {}),
    ...(ignoreCount && ignoreWindow ? { ignoreWindow } : {}),
    ...(ignoreUserCount ? { ignoreUserCount } : {}),
    ...(ignoreUserCount && ignoreUserWindow ? { ignoreUserWindow } : {}),
  };
}

function topLevelConditions(fields: Fields): Pick<Details, ConditionName> {
  return { ...fields, ignoreDuration: fields.ignoreDuration || fields.snoozeDuration || 0 };
}
