import type * as v from 'valibot';
import {
  type ActorField,
  type ActorInput,
  parseActorInput,
  parseTeamInput,
  unparsableActor,
} from '../../../domain/actor.ts';
import { isLongerThan } from '../../../domain/code-points.ts';
import { DomainError, type FieldMessages, invalidFields } from '../../../domain/errors.ts';
import { LONGEST_LEASE, SHORTEST_LEASE } from '../../../domain/issues/assignee.ts';
import {
  knownAssignedBy,
  knownChatIntegration,
} from '../../../domain/issues/handle-assigned-to.ts';
import type { RequestedUpdate } from '../../../operations/issues/update-groups.ts';
import type { BulkNaming } from '../../bulk/bulk-selection.ts';
import { boolean, choice, dictionary, integer, maybe, nullable, parseBody } from '../../fields.ts';
import { statusFields, statusRequest } from './issue-status.ts';

/** The body of an issue update, parsed. */
export type UpdateIssueRequest = {
  readonly update: RequestedUpdate;
  readonly merge: boolean;
  readonly discard: boolean;
  /** The parsed fields, which the answer of a bulk update repeats. */
  readonly echo: Readonly<Record<string, unknown>>;
};

/** As long as the longest e-mail address; no user or team has a longer name. */
const LONGEST_ACTOR = 320;

/** The body of an issue update, but for whom it names, which has more forms than one. */
export const updateIssue = dictionary({
  ...statusFields,
  priority: maybe(choice(['low', 'medium', 'high'])),
  hasSeen: maybe(boolean()),
  isBookmarked: maybe(boolean()),
  isSubscribed: maybe(boolean()),
  isPublic: maybe(boolean()),
  inbox: maybe(boolean()),
  assignmentExpires: maybe(nullable(integer({ min: SHORTEST_LEASE, max: LONGEST_LEASE }))),
  merge: maybe(boolean()),
  discard: maybe(boolean()),
});

type Fields = v.InferOutput<typeof updateIssue>;

/**
 * Reads the body of an issue update. `muted` is an older word for `ignored`; the conditions of an
 * archive are fields of `statusDetails` or, from older clients, fields beside it. Throws
 * `request.invalid` with the messages of every field that is wrong.
 */
export function parseUpdateIssue(body: unknown): UpdateIssueRequest {
  const { fields, assignedTo, ownerTeam } = parseAll(body);
  const { merge = false, discard = false, ...rest } = fields;
  if (
    discard &&
    (Object.keys(fields).length > 1 || assignedTo !== undefined || ownerTeam !== undefined)
  ) {
    throw invalidFields({ discard: ['Other attributes cannot be updated when discarding'] });
  }
  const status = statusRequest(rest);
  return {
    update: {
      ...userFlagsOf(rest),
      ...(status === undefined ? {} : { status }),
      ...(assignedTo === undefined ? {} : { assignedTo: assignmentOf(assignedTo, rest, body) }),
      ...(ownerTeam === undefined ? {} : { ownerTeam }),
    },
    merge,
    discard,
    echo: {
      ...fields,
      ...(status === undefined || fields.status === undefined ? {} : { status: status.status }),
      // What is resolved or archived has been reviewed.
      ...(status === undefined || status.status === 'unresolved' ? {} : { inbox: null }),
    },
  };
}

function assignmentOf(
  actor: ActorInput,
  { assignmentExpires }: Fields,
  body: unknown,
): NonNullable<RequestedUpdate['assignedTo']> {
  const raw = (body ?? {}) as Readonly<Record<string, unknown>>;
  return {
    actor,
    assignedBy: knownAssignedBy(raw.assignedBy),
    integration: knownChatIntegration(raw.integration),
    ...(assignmentExpires === undefined ? {} : { expiresIn: assignmentExpires }),
  };
}

/**
 * How an update has to name its issues in bulk: a merge by id; one that only sets the status need
 * not name any and then changes all unresolved issues; every other by id or by query.
 */
export function namingOf({ update, merge, discard }: UpdateIssueRequest): BulkNaming {
  if (merge) {
    return 'byId';
  }
  const { status, ...others } = update;
  return discard || Object.keys(others).length > 0 ? 'byIdOrQuery' : 'optional';
}

/** Parses all fields before it throws, so that the error has the messages of all of them. */
function parseAll(body: unknown) {
  const messages: FieldMessages[] = [];
  const fields = collect(messages, () => parseBody(updateIssue, body));
  const given: object = typeof body === 'object' && body !== null ? body : {};
  const assignedTo =
    'assignedTo' in given
      ? collect(messages, () => parseActorInput(short(given.assignedTo, 'assignedTo')))
      : undefined;
  const ownerTeam =
    'ownerTeam' in given
      ? collect(messages, () => parseTeamInput(short(given.ownerTeam, 'ownerTeam')))
      : undefined;
  const namesAssignee = assignedTo !== undefined && assignedTo.kind !== 'nobody';
  if (fields?.assignmentExpires !== undefined && !namesAssignee) {
    messages.push({ assignmentExpires: ['Name who is assigned for that long in assignedTo.'] });
  }
  if (fields === undefined || messages.length > 0) {
    throw invalidFields(Object.assign({}, ...messages));
  }
  return { fields, assignedTo, ownerTeam };
}

function collect<T>(messages: FieldMessages[], parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof DomainError) || error.fields === undefined) {
      throw error;
    }
    messages.push(error.fields);
    return undefined;
  }
}

function short(given: unknown, field: ActorField): unknown {
  if (typeof given === 'string' && isLongerThan(given, LONGEST_ACTOR)) {
    throw unparsableActor(field);
  }
  return given;
}

function userFlagsOf({
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
