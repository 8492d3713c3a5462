import type * as v from 'valibot';
import { parseActorInput, unparsableActor } from '../../../domain/actor.ts';
import { DomainError, type FieldMessages, invalidFields } from '../../../domain/errors.ts';
import type { GroupStatus, GroupSubstatus } from '../../../domain/issues/group.ts';
import {
  type IgnoreConditions,
  type ResolvedIn,
  type StatusRequest,
  statusOfSubstatus,
} from '../../../domain/issues/group-status.ts';
import {
  knownAssignedBy,
  knownChatIntegration,
} from '../../../domain/issues/handle-assigned-to.ts';
import type { RequestedUpdate } from '../../../operations/issues/update-groups.ts';
import {
  boolean,
  choice,
  dictionary,
  integer,
  maybe,
  nullable,
  parseBody,
  text,
} from '../../fields.ts';

/** What the body of an issue update asks for. */
export type UpdateIssueRequest = {
  readonly update: RequestedUpdate;
  readonly merge: boolean;
  readonly discard: boolean;
  /** The fields that were understood, as a bulk answer repeats them. */
  readonly echo: Readonly<Record<string, unknown>>;
};

/** A hundred years in minutes: an archive's end stays a date that every client can read. */
const longestArchiveMinutes = 100 * 366 * 24 * 60;
const longestWindowMinutes = 7 * 24 * 60;
const largestCount = 2 ** 31 - 1;
/** Beyond the longest e-mail address nothing is anybody's name. */
const longestActor = 320;

const conditions = {
  ignoreDuration: maybe(integer({ min: 0, max: longestArchiveMinutes })),
  ignoreCount: maybe(integer({ min: 0, max: largestCount })),
  ignoreWindow: maybe(integer({ min: 0, max: longestWindowMinutes })),
  ignoreUserCount: maybe(integer({ min: 0, max: largestCount })),
  ignoreUserWindow: maybe(integer({ min: 0, max: longestWindowMinutes })),
};

const statusDetails = dictionary({
  inNextRelease: maybe(boolean()),
  inUpcomingRelease: maybe(boolean()),
  inRelease: maybe(text({ maxLength: 250 })),
  inCommit: maybe(
    dictionary({ commit: text({ maxLength: 64 }), repository: text({ maxLength: 200 }) }),
  ),
  ...conditions,
});

const updateIssue = dictionary({
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
  snoozeDuration: maybe(nullable(integer({ min: 0, max: longestArchiveMinutes }))),
  priority: maybe(choice(['low', 'medium', 'high'])),
  hasSeen: maybe(boolean()),
  isBookmarked: maybe(boolean()),
  isSubscribed: maybe(boolean()),
  isPublic: maybe(boolean()),
  inbox: maybe(boolean()),
  merge: maybe(boolean()),
  discard: maybe(boolean()),
});

type Fields = v.InferOutput<typeof updateIssue>;

/**
 * Reads the body of an issue update. Throws `request.invalid` with the messages of every field that is wrong. `muted` is an
 * older word for ignored; conditions of an archive may stand in `statusDetails` or, as older clients send them, beside it.
 */
export function parseUpdateIssue(body: unknown): UpdateIssueRequest {
  const { fields, assignedTo } = parseAll(body);
  const { merge = false, discard = false, ...rest } = fields;
  if (discard && (Object.keys(fields).length > 1 || assignedTo !== undefined))
    throw invalidFields({ discard: ['Other attributes cannot be updated when discarding'] });
  const status = statusRequest(rest);
  const raw = (body ?? {}) as Readonly<Record<string, unknown>>;
  return {
    update: {
      ...marksOf(rest),
      ...(status === undefined ? {} : { status }),
      ...(assignedTo === undefined
        ? {}
        : {
            assignedTo: {
              actor: assignedTo,
              assignedBy: knownAssignedBy(raw.assignedBy),
              integration: knownChatIntegration(raw.integration),
            },
          }),
    },
    merge,
    discard,
    echo: {
      ...fields,
      ...(status === undefined || fields.status === undefined ? {} : { status: status.status }),
    },
  };
}

/** Every field is judged before one of them is blamed. */
function parseAll(body: unknown) {
  const messages: FieldMessages[] = [];
  const fields = collect(messages, () => parseBody(updateIssue, body));
  const named = typeof body === 'object' && body !== null && 'assignedTo' in body;
  const assignedTo = named ? collect(messages, () => parseAssignedTo(body.assignedTo)) : undefined;
  if (fields === undefined || messages.length > 0)
    throw invalidFields(Object.assign({}, ...messages));
  return { fields, assignedTo };
}

function collect<T>(messages: FieldMessages[], parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof DomainError) || error.fields === undefined) throw error;
    messages.push(error.fields);
    return undefined;
  }
}

function parseAssignedTo(given: unknown) {
  if (typeof given === 'string' && given.length > longestActor) throw unparsableActor();
  return parseActorInput(given);
}

function marksOf({
  priority,
  hasSeen,
  isBookmarked,
  isSubscribed,
  isPublic,
  inbox,
}: Fields): RequestedUpdate {
  return {
    ...(priority === undefined ? {} : { priority }),
    ...(hasSeen === undefined ? {} : { hasSeen }),
    ...(isBookmarked === undefined ? {} : { isBookmarked }),
    ...(isSubscribed === undefined ? {} : { isSubscribed }),
    ...(isPublic === undefined ? {} : { isPublic }),
    ...(inbox === undefined ? {} : { inbox }),
  };
}

function statusRequest(fields: Fields): StatusRequest | undefined {
  const substatus = fields.substatus ?? null;
  const status = statusOf(fields.status, substatus);
  if (status === undefined) return undefined;
  if (substatus !== null && statusOfSubstatus(substatus) !== status)
    throw invalidFields({ substatus: [`"${substatus}" is not a valid choice for ${status}.`] });
  return {
    status,
    substatus,
    resolvedIn: status === 'resolved' ? resolvedIn(fields) : null,
    conditions: status === 'ignored' ? conditionsOf(fields) : {},
  };
}

/** A substatus alone stands for the status that it belongs to. */
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

function resolvedIn({ status, statusDetails: details = {} }: Fields): ResolvedIn | null {
  if (status === 'resolvedInNextRelease' || details.inNextRelease) return { kind: 'nextRelease' };
  if (details.inUpcomingRelease) return { kind: 'upcomingRelease' };
  if (details.inRelease !== undefined) return { kind: 'release', version: details.inRelease };
  if (details.inCommit !== undefined) return { kind: 'commit', ...details.inCommit };
  return null;
}

/** A condition of 0 is none. */
function conditionsOf(fields: Fields): IgnoreConditions {
  const given: Pick<Fields, keyof typeof conditions> = fields.statusDetails ?? {
    ...fields,
    ignoreDuration: fields.ignoreDuration ?? fields.snoozeDuration ?? 0,
  };
  const { ignoreDuration, ignoreCount, ignoreWindow, ignoreUserCount, ignoreUserWindow } = given;
  return {
    ...(ignoreDuration ? { ignoreDuration } : {}),
    ...(ignoreCount ? { ignoreCount } : {}),
    ...(ignoreCount && ignoreWindow ? { ignoreWindow } : {}),
    ...(ignoreUserCount ? { ignoreUserCount } : {}),
    ...(ignoreUserCount && ignoreUserWindow ? { ignoreUserWindow } : {}),
  };
}
