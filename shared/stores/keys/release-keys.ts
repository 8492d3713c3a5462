import type { ProjectId } from '../../domain/ids.ts';
import type { Key } from '../keys.ts';

/** The releases that events of a project named. */
export const releaseKeys = {
  /** A release by the hash of its version. */
  release: (projectId: ProjectId, hash: string): Key => ({
    pk: `P#${projectId}`,
    sk: `RELEASE#${hash}`,
  }),
  newest: (projectId: ProjectId): Key => ({ pk: `P#${projectId}`, sk: 'RELEASE!NEWEST' }),
};
