import type { ProjectId } from '../../domain/ids.ts';
import type { SeenRelease } from '../../domain/release.ts';
import { attributeIs, doesNotExist } from '../conditions.ts';
import { hashOf } from '../ingest/event-deliveries.ts';
import { releaseKeys } from '../keys/release-keys.ts';
import { rowReader, text } from '../rows.ts';
import type { Item, Table } from '../table.ts';
import type { Transact, TransactOutcome, Write } from '../transaction.ts';
import { checkProjectIsActive } from './project-changes.ts';

export type ReleaseStore = ReturnType<typeof createReleaseStore>;

/**
 * The releases that events of a project have named: when each was first seen, and which is the
 * newest.
 */
export function createReleaseStore(table: Table, transact: Transact) {
  return {
    /** When a release was first seen; undefined for one that was not. One round trip. */
    async firstSeen(projectId: ProjectId, version: string): Promise<string | undefined> {
      const item = await table.get(releaseKey(projectId, version));
      return item && releaseFromItem(item).firstSeen;
    },

    /** The newest release of a project; null where none was seen. One round trip. */
    async newest(projectId: ProjectId): Promise<SeenRelease | null> {
      const item = await table.get(releaseKeys.newest(projectId));
      return item === undefined ? null : releaseFromItem(item);
    },

    /**
     * Remembers a release, once, and that it is the project's newest where `newest` says so: what
     * was read, and what it is from now on. A refusal names the write that was refused: `release`
     * (it is known by now), `newest` (it has changed), `project` (it is being deleted). One round
     * trip.
     */
    add(
      projectId: ProjectId,
      release: SeenRelease,
      newest: { readonly read: SeenRelease | null; readonly next: SeenRelease },
    ): Promise<TransactOutcome<'project' | 'release' | 'newest'>> {
      const put: Write<'release'> = {
        name: 'release',
        put: {
          Item: releaseItem(releaseKey(projectId, release.version), projectId, release),
          ...doesNotExist,
        },
      };
      const isNewest = newest.next !== newest.read;
      return transact([
        checkProjectIsActive(projectId),
        put,
        ...(isNewest ? [putNewest(projectId, newest.next, newest.read)] : []),
      ]);
    },
  };
}

function putNewest(
  projectId: ProjectId,
  next: SeenRelease,
  read: SeenRelease | null,
): Write<'newest'> {
  return {
    name: 'newest',
    put: {
      Item: releaseItem(releaseKeys.newest(projectId), projectId, next),
      ...(read === null ? doesNotExist : attributeIs('version', read.version)),
    },
  };
}

function releaseItem(key: Item, projectId: ProjectId, release: SeenRelease): Item {
  return { ...key, entity: 'release', projectId, ...release };
}

const releaseFromItem = rowReader<SeenRelease>({ version: text, firstSeen: text });

function releaseKey(projectId: ProjectId, version: string) {
  return releaseKeys.release(projectId, hashOf(version));
}
