import { recordBulk } from '../../../shared/operations/bulk/bulk-record.ts';
import {
  type RequestedUpdate,
  updateGroups,
} from '../../../shared/operations/issues/update-groups.ts';
import { emptyOwnerCaches, surroundings } from '../../support/operations.ts';
import type { benchWorld } from './bench-world.ts';

type BenchWorld = Pick<Awaited<ReturnType<typeof benchWorld>>, 'stores' | 'groupIds'>;

/** Updates all issues of a world as a request does, which is recorded as an operation. */
export async function updateInBulk({ stores, groupIds }: BenchWorld, update: RequestedUpdate) {
  const deps = { ...stores, ...surroundings(), ownerCaches: emptyOwnerCaches };
  const initiator = { actingUserId: '11', requestId: 'bench' };
  const about = { organizationId: '1', kind: 'update', initiator } as const;
  const { result } = await recordBulk(deps, about, (begin) =>
    updateGroups(deps, { ...about, groupIds, projects: ['shop'], update, begin }),
  );
  return result;
}
