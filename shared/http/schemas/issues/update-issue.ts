import type * as v from 'valibot';
import { parseActorInput, unparsableActor } from '../../../domain/actor.ts';
import { isLongerThan } from '../../../domain/code-points.ts';
import { DomainError, type FieldMessages, invalidFields } from '../../../domain/errors.ts';
import {
  knownAssignedBy,
  knownChatIntegration,
} from '../../../domain/issues/handle-assigned-to.ts';
import type { RequestedUpdate } from '../../../operations/issues/update-groups.ts';
import type { BulkNaming } from '../../bulk-selection.ts';
import { boolean, choice, dictionary, maybe, parseBody } from '../../fields.ts';
import { statusFields, statusRequest } from './issue-status.ts';

/** What the body of an issue update asks for. */
export type UpdateIssueRequest = {
  readonly update: RequestedUpdate;
  readonly merge: boolean;
  readonly discard: boolean;
  /** The fields that were understood, as a bulk answer repeats them. */
  readonly echo: Readonly<Record<string, unknown>>;
};

/** Beyond the longest e-mail address nothing is anybody's name. */
const LONGEST_ACTOR = 320;

const updateIssue = dictionary({
  ...statusFields,
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
 * Reads the body of an issue update. Throws `request.invalid` with the messages of every field that
 * is wrong. `muted` is an older word for ignored; conditions of an archive may stand in
 * `statusDetails` or, as older clients send them, beside it.
 */
export function parseUpdateIssue(body: unknown): UpdateIssueRequest {
  const { fields, assignedTo } = parseAll(body);
  const { merge = false, discard = false, ...rest } = fields;
  if (discard && (Object.keys(fields).length > 1 || assignedTo !== undefined)) {
    throw invalidFields({ discard: ['Other attributes cannot be updated when discarding'] });
  }
  const status = statusRequest(rest);
  const raw = (body ?? {}) as Readonly<Record<string, unknown>>;
  return {
    update: {
      ...userFlagsOf(rest),
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

/**
 * How an update has to name its issues in bulk: one that sets a state alone may leave it at the
 * unresolved ones.
 */
export function namingOf({ update, merge, discard }: UpdateIssueRequest): BulkNaming {
  if (merge) {
    return 'byId';
  }
  const { status, ...others } = update;
  return discard || Object.keys(others).length > 0 ? 'byIdOrQuery' : 'atWill';
}

/** Every field is judged before one of them is blamed. */
function parseAll(body: unknown) {
  const messages: FieldMessages[] = [];
  const fields = collect(messages, () => parseBody(updateIssue, body));
  const named = typeof body === 'object' && body !== null && 'assignedTo' in body;
  const assignedTo = named ? collect(messages, () => parseAssignedTo(body.assignedTo)) : undefined;
  if (fields === undefined || messages.length > 0) {
    throw invalidFields(Object.assign({}, ...messages));
  }
  return { fields, assignedTo };
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

function parseAssignedTo(given: unknown) {
  if (typeof given === 'string' && isLongerThan(given, LONGEST_ACTOR)) {
    throw unparsableActor();
  }
  return parseActorInput(given);
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
