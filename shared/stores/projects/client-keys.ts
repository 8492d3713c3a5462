import { createHash } from 'node:crypto';
import type { ProjectId } from '../../domain/ids.ts';
import {
  type ClientKey,
  type KeyRateLimit,
  type LoaderOptions,
  newClientKey,
  SDK_VERSIONS,
} from '../../domain/projects/client-key.ts';
import type { Project } from '../../domain/projects/project.ts';
import { versionIs } from '../conditions.ts';
import { projectKeys } from '../keys/project-keys.ts';
import { isKeyable } from '../keys.ts';
import { flag, nullable, number, object, oneOf, orElse, read, rowReader, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';
import { checkProjectIsActive } from './project-changes.ts';

export type ClientKeyStore = ReturnType<typeof createClientKeyStore>;

/** The keys of a project, and the version that every change of one of them raises. */
export type ClientKeys = { readonly version: number | null; readonly keys: readonly ClientKey[] };

/** What an event of an SDK asks of the key that it names. */
export type KeyState = Pick<ClientKey, 'id' | 'projectId' | 'isActive' | 'rateLimit'>;

/** One key as it is to be, or the id of one that is to be gone. */
export type ClientKeyWrite =
  | { readonly kind: 'put'; readonly key: ClientKey }
  | { readonly kind: 'remove'; readonly id: string };

/**
 * The client keys of projects. Every project has one from the beginning, which follows from the
 * project's id and has no row until it is changed; a row that says so stands for its removal.
 */
export function createClientKeyStore(table: Table, transact: Transact) {
  return {
    /** All keys of a project, the oldest first. One Query. */
    async ofProject(project: Project): Promise<ClientKeys> {
      const items = await table.queryAll(
        byPrefix(projectKeys.partition(project.id), projectKeys.clientKeyPrefix),
      );
      const version = items.find((item) => item.entity === 'clientKeysVersion');
      const rows = items.filter((item) => item.entity === 'clientKey');
      const first = firstClientKey(project);
      const isFirstStored = rows.some((item) => read(item, 'id', text) === first.id);
      const stored = rows.filter((item) => !isRemoved(item)).map(clientKeyFromItem);
      const keys = isFirstStored ? stored : [first, ...stored];
      return {
        version: version === undefined ? null : read(version, 'version', number),
        keys: keys.sort((a, b) => (order(a) < order(b) ? -1 : 1)),
      };
    },

    /**
     * Whether a project has a key with this public part, and what holds for it; the project itself
     * is not looked at. One round trip.
     */
    async stateOf(projectId: ProjectId, id: string): Promise<KeyState | undefined> {
      if (!isKeyable(id)) {
        return undefined;
      }
      const [item] = await table.batchGet([projectKeys.clientKey(projectId, id)]);
      if (item !== undefined) {
        return isRemoved(item) ? undefined : clientKeyFromItem(item);
      }
      return id === firstKeyText(projectId, 'client key')
        ? { id, projectId, isActive: true, rateLimit: null }
        : undefined;
    },

    /**
     * Commits a change of one key. Refused where the `project` is being deleted, and where any of
     * its `keys` has been changed since they were read. One round trip.
     */
    change(project: Project, version: number | null, write: ClientKeyWrite) {
      const next = (version ?? 0) + 1;
      return transact([
        checkProjectIsActive(project.id),
        {
          name: 'keys',
          put: {
            Item: {
              ...projectKeys.clientKeysVersion(project.id),
              entity: 'clientKeysVersion',
              version: next,
            },
            ...versionIs(version),
          },
        },
        writeKey(project, write),
      ]);
    },
  };
}

/** The key that a project has from the beginning: the same for everyone at any time. */
export function firstClientKey({ id: projectId, dateCreated }: Project): ClientKey {
  const made = {
    id: firstKeyText(projectId, 'client key'),
    secret: firstKeyText(projectId, 'client secret'),
    projectId,
    dateCreated,
  };
  return { ...newClientKey(made), name: 'Default' };
}

function firstKeyText(projectId: ProjectId, of: 'client key' | 'client secret'): string {
  return createHash('sha256').update(`${of} of project ${projectId}`).digest('hex').slice(0, 32);
}

function isRemoved(item: Item): boolean {
  return read(item, 'isRemoved', orElse(flag, false));
}

function writeKey(project: Project, write: ClientKeyWrite): Write<'key'> {
  if (write.kind === 'put') {
    return { name: 'key', put: { Item: clientKeyItem(write.key) } };
  }
  const first = firstClientKey(project);
  return write.id === first.id
    ? { name: 'key', put: { Item: { ...clientKeyItem(first), isRemoved: true } } }
    : { name: 'key', delete: { Key: projectKeys.clientKey(project.id, write.id) } };
}

function clientKeyItem(key: ClientKey): Item {
  return { ...projectKeys.clientKey(key.projectId, key.id), entity: 'clientKey', ...key };
}

function order({ dateCreated, id }: ClientKey): string {
  return `${dateCreated} ${id}`;
}

const clientKeyFromItem = rowReader<ClientKey>({
  id: text,
  secret: text,
  projectId: text,
  name: text,
  isActive: flag,
  rateLimit: nullable(object<KeyRateLimit>({ count: number, window: number })),
  browserSdkVersion: oneOf(SDK_VERSIONS),
  loaderOptions: object<LoaderOptions>({
    hasReplay: flag,
    hasPerformance: flag,
    hasDebug: flag,
    hasFeedback: flag,
    hasLogsAndMetrics: flag,
  }),
  dateCreated: text,
});
