import type { ProjectId } from '../../domain/ids.ts';
import type { Key } from '../keys.ts';

/** A row with a project. */
const inProject = (projectId: ProjectId, sk: string): Key => ({ pk: `P#${projectId}`, sk });

/** The rules of a project, its CODEOWNERS, and their versions. */
export const ownershipKeys = {
  /**
   * The settings, the text in its parts, the tests, and the version of all of them and of the
   * project's CODEOWNERS.
   */
  prefix: 'OWNERSHIP#',
  version: (projectId: ProjectId) => inProject(projectId, 'OWNERSHIP#VERSION'),
  settings: (projectId: ProjectId) => inProject(projectId, 'OWNERSHIP#SETTINGS'),
  text: (projectId: ProjectId, part: number) => inProject(projectId, `OWNERSHIP#TEXT#${part}`),
  tests: (projectId: ProjectId) => inProject(projectId, 'OWNERSHIP#TESTS'),
  versionPrefix: 'RULESVERSION#',
  /** What a save made of the rules: it names the texts that it holds. */
  keptVersion: (projectId: ProjectId, version: number) =>
    inProject(projectId, `RULESVERSION#${String(version).padStart(12, '0')}`),
  /** A part of a text of kept versions, by the hash of the text: each text lies there once. */
  keptTextPrefix: (hash: string) => `RULESTEXT#${hash}#`,
  keptText: (projectId: ProjectId, hash: string, part: number) =>
    inProject(projectId, `RULESTEXT#${hash}#${part}`),
  codeownersPrefix: 'CODEOWNERS#',
  codeowners: (projectId: ProjectId, id: string) => inProject(projectId, `CODEOWNERS#${id}#A`),
  codeownersText: (projectId: ProjectId, id: string, part: number) =>
    inProject(projectId, `CODEOWNERS#${id}#TEXT#${part}`),
};
