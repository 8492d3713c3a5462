import { IGNORED_TYPES, type Keys, SUPPORTED_TYPES } from './resource-types.ts';
import { type Resource, refusal, type Template } from './template.ts';

/** The properties of a resource that the driver uses, without the keys that it ignores. */
export function usedProperties({ Type, Properties = {} }: Resource): Record<string, unknown> {
  const { used = [], parts = {} } = SUPPORTED_TYPES[Type] ?? {};
  const kept = Object.entries(Properties)
    .filter(([name]) => used.includes(name))
    .map(([name, value]) => [name, withoutKeys(value, parts[name]?.ignored ?? [])]);
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
 * Refuses what the driver would run differently from AWS.
 *
 * @throws Error that lists every type, property and condition that is not supported
 */
export function requireSupportedTemplate({ Resources }: Template): void {
  const problems = Object.entries(Resources).flatMap(([logicalId, resource]) =>
    IGNORED_TYPES.has(resource.Type) ? [] : problemsOf(`Resources.${logicalId}`, resource),
  );
  if (problems.length > 0) {
    throw new Error(problems.map(({ message }) => message).join('\n'));
  }
}

function problemsOf(path: string, { Type, Properties = {}, Condition }: Resource): Error[] {
  const known = SUPPORTED_TYPES[Type];
  if (!known) {
    return [refusal(path, `the type ${Type} is not supported locally: see resource-types.ts.`)];
  }
  if (Condition) {
    return [refusal(path, 'a resource with a condition is not supported locally.')];
  }
  const parts = Object.entries(known.parts ?? {}).flatMap(([name, keys]) =>
    [Properties[name] ?? []]
      .flat()
      .flatMap((part) => unknownKeys(part as object, keys, `${path}.Properties.${name}`, Type)),
  );
  return [...unknownKeys(Properties, known, `${path}.Properties`, Type), ...parts];
}

function unknownKeys(object: object, { used, ignored }: Keys, path: string, type: string): Error[] {
  return Object.keys(object)
    .filter((name) => !used.includes(name) && !ignored.includes(name))
    .map((name) =>
      refusal(`${path}.${name}`, `is not supported locally for ${type}: see resource-types.ts.`),
    );
}
