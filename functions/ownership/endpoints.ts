import type { EndpointsOf } from '../../shared/http/api.ts';
import {
  createCodeownersFile,
  deleteCodeownersFile,
  getCodeownersFile,
  listCodeownersFiles,
  updateCodeownersFile,
} from './codeowners.ts';
import type { OwnershipDeps } from './deps.ts';
import { evaluateOwnership, explainOwnership } from './explain.ts';
import { externalActorEndpoints } from './external-actors.ts';
import { getMemberImpact, getTeamImpact } from './impact.ts';
import { previewOwnership } from './preview.ts';
import { getOwnership, updateOwnership } from './rules.ts';
import { getOwnershipVersion, listOwnershipVersions, restoreOwnershipVersion } from './versions.ts';

/** The endpoint of each operation. */
export const endpoints: EndpointsOf<'ownership', OwnershipDeps> = {
  getOwnership,
  updateOwnership,
  listOwnershipVersions,
  getOwnershipVersion,
  restoreOwnershipVersion,
  previewOwnership,
  evaluateOwnership,
  listCodeowners: listCodeownersFiles,
  getCodeowners: getCodeownersFile,
  createCodeowners: createCodeownersFile,
  updateCodeowners: updateCodeownersFile,
  deleteCodeowners: deleteCodeownersFile,
  explainOwnership,
  getMemberImpact,
  getTeamImpact,
  ...externalActorEndpoints,
};
