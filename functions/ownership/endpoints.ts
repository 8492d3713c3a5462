import type { EndpointsOf } from '../../shared/http/api.ts';
import {
  createCodeownersFile,
  deleteCodeownersFile,
  listCodeownersFiles,
  updateCodeownersFile,
} from './codeowners.ts';
import type { OwnershipDeps } from './deps.ts';
import { evaluateOwnership, explainOwnership } from './explain.ts';
import { externalActorEndpoints } from './external-actors.ts';
import { getOwnership, updateOwnership } from './rules.ts';

/** The endpoint of each operation. */
export const endpoints: EndpointsOf<'ownership', OwnershipDeps> = {
  getOwnership,
  updateOwnership,
  evaluateOwnership,
  listCodeowners: listCodeownersFiles,
  createCodeowners: createCodeownersFile,
  updateCodeowners: updateCodeownersFile,
  deleteCodeowners: deleteCodeownersFile,
  explainOwnership,
  ...externalActorEndpoints,
};
