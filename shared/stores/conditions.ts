import type { OrphanPolicy } from '../domain/directory.ts';
import type { GroupId, ProjectId } from '../domain/ids.ts';
import type { ProjectStatus } from '../domain/projects/project.ts';
import type { SeenRelease } from '../domain/release.ts';

/**
 * When a write may happen, in the form that DynamoDB reads. Every condition of the stores is made
 * here; its placeholders follow from the attribute, so that conditions can be joined with each
 * other and with an update.
 */
export type Condition = {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
};

/** There is no row under this key yet. */
export const doesNotExist: Condition = { ConditionExpression: 'attribute_not_exists(pk)' };

/** There is a row under this key. */
export const exists: Condition = { ConditionExpression: 'attribute_exists(pk)' };

/** The attribute has this value. The attribute of a map is named by its path, `release.version`. */
export function attributeIs(path: string, value: unknown): Condition {
  return compare(path, '=', 'Is', value);
}

/** The attribute has another value, or there is none. */
export function attributeIsNot(path: string, value: unknown): Condition {
  return compare(path, '<>', 'IsNot', value);
}

/** The attribute is there and at most this. */
export function attributeIsAtMost(path: string, value: number): Condition {
  return compare(path, '<=', 'AtMost', value);
}

/** The attribute is there and more than this. */
export function attributeIsAbove(path: string, value: number): Condition {
  return compare(path, '>', 'Above', value);
}

/** The attribute is less than this, or no number, or not there. */
export function attributeIsNotAtLeast(path: string, value: number): Condition {
  return not(compare(path, '>=', 'AtLeast', value));
}

/** The attribute is at most this, or no number, or not there. */
export function attributeIsNotAbove(path: string, value: number): Condition {
  return not(attributeIsAbove(path, value));
}

/** The row has no such attribute. */
export function attributeIsAbsent(path: string): Condition {
  const { name, ExpressionAttributeNames } = pathOf(path);
  return { ConditionExpression: `attribute_not_exists(${name})`, ExpressionAttributeNames };
}

/** The attributes have the values that were read; undefined means that there was no such one. */
export function attributesAre(read: Readonly<Record<string, unknown>>): Condition {
  return allOf(
    ...Object.entries(read).map(([name, value]) =>
      value === undefined ? attributeIsAbsent(name) : attributeIs(name, value),
    ),
  );
}

/** The row is at the version that was read; null means that there was no row. */
export function versionIs(version: number | null): Condition {
  return version === null ? doesNotExist : attributeIs('version', version);
}

/** The link is at the revision that was read. */
export function revisionIs(revision: number): Condition {
  return attributeIs('revision', revision);
}

/** The project is in this state. */
export function projectStatusIs(status: ProjectStatus): Condition {
  return attributeIs('status', status);
}

/** The project is not being deleted. */
export const isActive = projectStatusIs('active');

/**
 * The group is there and nobody has begun to delete it. Every write to a group carries this, or
 * holds at a row that the deletion takes first, so that nothing is added to a group that a deletion
 * has already emptied.
 */
export const isLive = allOf(
  exists,
  attributeIsAbsent('deletingSince'),
  attributeIsNot('status', 'pending_deletion'),
);

/** The group is live, and no merge has taken it out of everybody's sight. */
export const isOpen = allOf(isLive, not(attributeIs('status', 'pending_merge')));

/** The group was seen in these environments; rows from before they were remembered have none. */
export function environmentsAre(environments: readonly string[]): Condition {
  const same = attributeIs('environments', environments);
  return environments.length > 0 ? same : anyOf(attributeIsAbsent('environments'), same);
}

/** What the organization does with orphans; rows from before December 2026 do not say, and keep. */
export function orphanPolicyIs(policy: OrphanPolicy): Condition {
  const same = attributeIs('orphanPolicy', policy);
  return policy === 'keep' ? anyOf(attributeIsAbsent('orphanPolicy'), same) : same;
}

/** The newest release that the group was seen in; older rows have no such attribute. */
export function newestReleaseIs(release: SeenRelease | null): Condition {
  return release === null
    ? anyOf(attributeIsAbsent('newestRelease'), attributeIs('newestRelease', null))
    : attributeIs('newestRelease.version', release.version);
}

/** The row leads to this group: a short id, a fingerprint. */
export function leadsToGroup(groupId: GroupId): Condition {
  return attributeIs('groupId', groupId);
}

/** The row leads to this project: a slug. */
export function leadsToProject(projectId: ProjectId): Condition {
  return attributeIs('projectId', projectId);
}

/** All of the conditions hold. */
export function allOf(...conditions: readonly Condition[]): Condition {
  return join(' AND ', conditions);
}

/** At least one of the conditions holds. */
export function anyOf(...conditions: readonly Condition[]): Condition {
  return join(' OR ', conditions);
}

/** A write that holds only where this condition does as well. */
export function onlyWhere<T extends Conditional>(write: T, condition: Condition): T {
  const { ConditionExpression: own } = write;
  const joined =
    own === undefined ? condition : join(' AND ', [{ ConditionExpression: own }, condition]);
  return {
    ...write,
    ConditionExpression: joined.ConditionExpression,
    ...joinPlaceholders([write, condition]),
  };
}

type Placeholders = {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
};

/** A write as the SDK takes it, with a condition or without. */
type Conditional = Placeholders & { readonly ConditionExpression?: string | undefined };

/**
 * The placeholders of several expressions together; absent where there are none, since DynamoDB
 * refuses an empty map. Throws where two expressions mean different values by one placeholder.
 */
export function joinPlaceholders(
  parts: readonly Placeholders[],
): Pick<Condition, 'ExpressionAttributeNames' | 'ExpressionAttributeValues'> {
  const names = parts.flatMap((part) => Object.entries(part.ExpressionAttributeNames ?? {}));
  const values = parts.flatMap((part) => Object.entries(part.ExpressionAttributeValues ?? {}));
  requireOneMeaning(values);
  return {
    ...(names.length === 0 ? {} : { ExpressionAttributeNames: Object.fromEntries(names) }),
    ...(values.length === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(values) }),
  };
}

function requireOneMeaning(values: readonly (readonly [string, unknown])[]): void {
  const meanings = new Map<string, unknown>();
  for (const [name, value] of values) {
    if (meanings.has(name) && meanings.get(name) !== value) {
      throw new Error(
        `The placeholder ${name} stands for two values in one expression: compare the attribute once.`,
      );
    }
    meanings.set(name, value);
  }
}

function join(operator: ' AND ' | ' OR ', conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  if (only !== undefined && conditions.length === 1) {
    return only;
  }
  return {
    ConditionExpression: conditions
      .map(({ ConditionExpression }) => `(${ConditionExpression})`)
      .join(operator),
    ...joinPlaceholders(conditions),
  };
}

function not(condition: Condition): Condition {
  return { ...condition, ConditionExpression: `NOT (${condition.ConditionExpression})` };
}

/** `suffix` keeps the placeholder apart from that of an update of the same attribute. */
function compare(path: string, operator: string, suffix: string, value: unknown): Condition {
  const { name, ExpressionAttributeNames } = pathOf(path);
  const placeholder = `:${path.replaceAll('.', '_')}${suffix}`;
  return {
    ConditionExpression: `${name} ${operator} ${placeholder}`,
    ExpressionAttributeNames,
    ExpressionAttributeValues: { [placeholder]: value },
  };
}

function pathOf(path: string) {
  const parts = path.split('.');
  return {
    name: parts.map((part) => `#${part}`).join('.'),
    ExpressionAttributeNames: Object.fromEntries(parts.map((part) => [`#${part}`, part])),
  };
}
