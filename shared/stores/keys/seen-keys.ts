import type { ProjectId } from '../../domain/ids.ts';
import type { Key } from '../keys.ts';

/** What events from outside are known by. */
export const seenKeys = {
  /** Which group of a project a fingerprint leads to, by the hash of the fingerprint. */
  fingerprint: (projectId: ProjectId, hash: string): Key => ({
    pk: `P#${projectId}`,
    sk: `FINGERPRINT#${hash}`,
  }),
  /** That an event was counted, by the hash of its id within its project. */
  delivery: (projectId: ProjectId, hash: string): Key => ({
    pk: `DELIVERY#${projectId}#${hash}`,
    sk: 'DELIVERY',
  }),
  /** How many events a client key with a limit has taken, by the second its window began in. */
  keyUse: (projectId: ProjectId, key: string, start: number): Key => ({
    pk: `KEYUSE#${projectId}#${key}`,
    sk: String(start),
  }),
};
