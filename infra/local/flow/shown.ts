/**
 * What of the stack's data the flow shows: names of fields, numbers, and the texts of fields that
 * are listed here. So no token, secret, e-mail or credential can come into it by a new field.
 */

const MAX_CHARACTERS = 200;
const MAX_MEMBERS = 20;
const MAX_DEPTH = 5;
/** The size of a step's detail as JSON. */
const MAX_DETAIL_CHARACTERS = 4_000;

/** In place of a text that is not shown. */
export const HIDDEN = '…';

/** The fields whose texts are shown: ids, states, times, and what people have called things. */
const SHOWN_FIELDS: ReadonlySet<string> = new Set([
  ...['action', 'actor', 'aggregateId', 'assigned', 'assignedBy', 'assignedTo', 'assignee'],
  ...['assigneeExternalIds', 'assigneeId', 'assigneeType', 'assignees', 'assignee_id'],
  ...['assignee_ids', 'assigned_by', 'assigned_to_id', 'at', 'basis', 'cause', 'changed'],
  ...[
    'children',
    'current',
    'detail-type',
    'direction',
    'entity',
    'environment',
    'eventTypes',
    'from',
    'group',
  ],
  ...['groups', 'holder', 'id', 'ids', 'kind', 'labels', 'level', 'merge', 'method', 'name'],
  ...['onDrift', 'operation', 'organization', 'outcome', 'owner', 'owningTeam', 'parent'],
  ...['platform', 'previous', 'priority', 'project', 'provider', 'reason', 'removed', 'role'],
  ...['shortId', 'slug', 'source', 'state', 'state_event', 'status', 'statusDetails', 'substatus'],
  ...['subscribed', 'team', 'teams', 'title', 'to', 'type', 'user', 'version', 'verb'],
]);

/** Ids and times are known by the ends of their names. */
const SHOWN_ENDINGS = /(?:Id|Ids|At|_id|Date|Hour)$|^date[A-Z]/;
/** Names that end like an id and are none of Baton's. */
const NEVER_SHOWN = /secret|token|password|credential|authorization|cookie|signature|email/i;

const EMAIL = /[^\s@"'<>(),;:]+@[^\s@"'<>(),;:]+/g;
/** Tokens and hashes: a long word with digits and letters, and no separator. */
const LONG_WORD = /\b(?=\w*\d)(?=\w*[a-z])[A-Za-z0-9_]{32,}\b/gi;

/** A text without addresses and long random words, cut to 200 characters. */
export function shownText(text: string): string {
  const safe = text
    .slice(0, MAX_CHARACTERS * 2)
    .replace(EMAIL, `${HIDDEN}@${HIDDEN}`)
    .replace(LONG_WORD, HIDDEN);
  return safe.length > MAX_CHARACTERS ? `${safe.slice(0, MAX_CHARACTERS)}${HIDDEN}` : safe;
}

/** Whether the texts of a field are shown. */
function isShownField(name: string): boolean {
  return !NEVER_SHOWN.test(name) && (SHOWN_FIELDS.has(name) || SHOWN_ENDINGS.test(name));
}

/** A value of a field, with the texts that are shown, cut where it is long or deep. */
export function shownValue(field: string, value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
      return isShownField(field) ? shownText(value) : HIDDEN;
    case 'object':
      return value === null || depth === MAX_DEPTH ? null : shownParts(field, value, depth + 1);
    default:
      return NEVER_SHOWN.test(field) ? HIDDEN : value;
  }
}

function shownParts(field: string, value: object, depth: number): unknown {
  if (!Array.isArray(value)) {
    return shownFields(value, depth);
  }
  const left = value.length - MAX_MEMBERS;
  const members = value.slice(0, MAX_MEMBERS).map((one) => shownValue(field, one, depth));
  return left > 0 ? [...members, `${left} more`] : members;
}

/** The fields of an object, as `shownValue` shows them. */
export function shownFields(value: object, depth = 0): Record<string, unknown> {
  const entries = Object.entries(value).slice(0, MAX_MEMBERS * 2);
  return Object.fromEntries(
    entries.map(([name, field]) => [shownText(name), shownValue(name, field, depth)]),
  );
}

/** A body of JSON as `shownFields` shows it; null for none, and `…` for anything else. */
export function shownBody(body: string): unknown {
  if (body === '') {
    return null;
  }
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? shownValue('', parsed) : HIDDEN;
  } catch {
    return HIDDEN;
  }
}

/** The detail of a step, with its largest fields cut where it is over 4,000 characters. */
export function cutDetail(detail: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (JSON.stringify(detail).length <= MAX_DETAIL_CHARACTERS) {
    return detail;
  }
  const short = Object.entries(detail).map(([name, value]) => [name, shortened(value)]);
  return { ...Object.fromEntries(short), isCut: true };
}

/** What is small stays; of a list its first members that fit into 2,000 characters. */
function shortened(value: unknown): unknown {
  const limit = MAX_DETAIL_CHARACTERS / 2;
  if (JSON.stringify(value ?? null).length <= limit / MAX_DEPTH) {
    return value;
  }
  if (!Array.isArray(value)) {
    return HIDDEN;
  }
  const kept: unknown[] = [];
  let size = 0;
  for (const member of value) {
    size += JSON.stringify(member ?? null).length;
    if (size > limit) {
      break;
    }
    kept.push(member);
  }
  return [...kept, HIDDEN];
}
