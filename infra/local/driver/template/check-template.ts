import { DRIVEN, type Keys, WITHOUT_LOCAL_MEANING } from './resource-types.ts';
import { type Resource, refusal, type Template } from './template.ts';

/**
 * The properties of a resource that make a difference here, with what is left of them without the
 * other keys.
 */
export function obeyedProperties({ Type, Properties = {} }: Resource): Record<string, unknown> {
  const { obeyed = [], parts = {} } = DRIVEN[Type] ?? {};
  const kept = Object.entries(Properties)
    .filter(([name]) => obeyed.includes(name))
    .map(([name, value]) => [name, withoutKeys(value, parts[name]?.withoutMeaning ?? [])]);
  return Object.fromEntries(kept);
}

function withoutKeys(value: unknown, keys: readonly string[]): unknown {
  if (keys.length === 0 || typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => withoutKeys(item, keys));
  }
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

/**
 * Refuses what the driver would not run as it is deployed.
 *
 * @throws Error that lists every type, property and condition that is not known.
 */
export function checkTemplate({ Resources }: Template): void {
  const problems = Object.entries(Resources).flatMap(([logicalId, resource]) =>
    WITHOUT_LOCAL_MEANING.has(resource.Type) ? [] : problemsOf(`Resources.${logicalId}`, resource),
  );
  if (problems.length > 0) {
    throw new Error(problems.map(({ message }) => message).join('\n'));
  }
}

function problemsOf(path: string, { Type, Properties = {}, Condition }: Resource): Error[] {
  const known = DRIVEN[Type];
  if (!known) {
    return [refusal(path, `the type ${Type} is not known locally.`)];
  }
  if (Condition) {
    return [refusal(path, 'a resource with a condition is not known locally.')];
  }
  const parts = Object.entries(known.parts ?? {}).flatMap(([name, keys]) =>
    [Properties[name] ?? []]
      .flat()
      .flatMap((part) => unknownKeys(part as object, keys, `${path}.Properties.${name}`, Type)),
  );
  return [...unknownKeys(Properties, known, `${path}.Properties`, Type), ...parts];
}

function unknownKeys(
  object: object,
  { obeyed, withoutMeaning }: Keys,
  path: string,
  type: string,
): Error[] {
  return Object.keys(object)
    .filter((name) => !obeyed.includes(name) && !withoutMeaning.includes(name))
    .map((name) => refusal(`${path}.${name}`, `is not known locally for ${type}.`));
}
