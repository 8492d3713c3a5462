import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createOwnerCaches } from '../../../shared/cache/owner-caches.ts';
import { createOwnershipCache } from '../../../shared/cache/ownership-cache.ts';
import {
  type CascadeProjectDeps,
  cascadeProject,
} from '../../../shared/operations/cascades/cascade-project.ts';
import { createTable } from '../../../shared/stores/table.ts';
import { wireStores } from '../../../shared/wiring.ts';
import { sharedCache } from '../../cache/clients.ts';
import { tableClient } from '../client/strict-client.ts';
import { surroundings } from '../operations.ts';
import type { TestWorld } from '../world.ts';
import { type Death, dieAt } from './death.ts';

export type Life = {
  readonly death?: Death;
  /** The fencing token of the message that it begins with; the current one unless given. */
  readonly fencingToken?: number;
  readonly hasTime?: () => boolean;
};

/** The worker that removes a project of a world, life after life. */
export function cascadeWorker(world: TestWorld, projectId: string, cache = sharedCache()) {
  const depsOver = (stores: TestWorld['stores']): CascadeProjectDeps => ({
    ...stores,
    ...surroundings(),
    ownerCaches: createOwnerCaches(cache),
    ownershipCache: createOwnershipCache(cache),
  });

  return {
    /** One life. Answers whether it lived to the end of its message. */
    async live({ death, fencingToken, hasTime = () => true }: Life = {}): Promise<boolean> {
      const current = (await world.stores.deletions.ofProject(projectId))?.fencingToken ?? 0;
      return survives(world, death, (stores) =>
        cascadeProject(depsOver(stores), {
          projectId,
          fencingToken: fencingToken ?? current,
          requestId: 'goodbye',
          hasTime,
          pauseMs: 1,
        }),
      );
    },
  };
}

/** Runs a task over stores whose process may die. Answers whether it came to its end. */
export async function survives(
  world: TestWorld,
  death: Death | undefined,
  task: (stores: TestWorld['stores']) => Promise<unknown>,
): Promise<boolean> {
  const mortal = death && mortalClient(world.endpoint, death);
  const stores =
    mortal === undefined
      ? world.stores
      : wireStores(
          createTable({ client: DynamoDBDocumentClient.from(mortal.client), name: world.table }),
        );
  try {
    await task(stores);
    return true;
  } catch (error) {
    if (!mortal?.isDead()) {
      throw error;
    }
    return false;
  } finally {
    mortal?.client.destroy();
  }
}

/** A client whose process dies then. */
function mortalClient(endpoint: string, death: Death) {
  let isDead = false;
  const client = tableClient(endpoint, { maxAttempts: 1 });
  dieAt(client, death, () => {
    isDead = true;
    throw new Error('The process was killed.');
  });
  return { client, isDead: () => isDead };
}
