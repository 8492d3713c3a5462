import type { Group } from '../../../domain/issues/group.ts';

const ENVIRONMENT = 'environment';

/**
 * The tags of the events of an issue, as far as they are known: the environments that it was seen
 * in. Events are not kept, so how many had which is not known, nor when: that is null.
 */
export function serializeTags(group: Pick<Group, 'environments'>) {
  const topValues = group.environments.map(serializeValue);
  return topValues.length === 0
    ? []
    : [
        {
          key: ENVIRONMENT,
          name: 'Environment',
          uniqueValues: topValues.length,
          totalValues: null,
          topValues,
        },
      ];
}

function serializeValue(value: string) {
  return {
    key: ENVIRONMENT,
    name: value,
    value,
    query: `${ENVIRONMENT}:${JSON.stringify(value)}`,
    count: null,
    firstSeen: null,
    lastSeen: null,
  };
}
