import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WorldInput } from '../world/schema.ts';

const DEMO_WORLD = fileURLToPath(new URL('../world/worlds/acme.json', import.meta.url));

/** So many seconds a deleted project can be restored: long enough for an example. */
const RESTORABLE_SECONDS = 3_600;

/** The demo world with one more issue to delete, and time to restore a deleted project in. */
export function exampleWorld(): WorldInput {
  const demo = JSON.parse(readFileSync(DEMO_WORLD, 'utf8')) as WorldInput;
  const { organizations = [], groups = [] } = demo;
  const another = groups.slice(0, 1).map((group) => ({
    ...group,
    id: '103',
    shortId: 'SHOP-3',
    title: 'ValueError: empty cart',
    status: 'resolved' as const,
    substatus: null,
  }));
  return {
    ...demo,
    organizations: organizations.map((one) => ({
      ...one,
      projectDeletionDelay: RESTORABLE_SECONDS,
    })),
    groups: [...groups, ...another],
  };
}
