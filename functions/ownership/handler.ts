import { apiHandler } from '../../shared/http/api.ts';
import {
  createCodeownersFile,
  deleteCodeownersFile,
  listCodeownersFiles,
  updateCodeownersFile,
} from './codeowners.ts';
import { wireOwnership } from './deps.ts';
import { evaluateOwnership, explainOwnership } from './explain.ts';
import { externalActorEndpoints } from './external-actors.ts';
import { getOwnership, updateOwnership } from './rules.ts';

const deps = wireOwnership();

/** Reads, saves and explains who owns what, and whom the accounts stand for that own it. */
export const handler = apiHandler({
  functionName: 'ownership',
  log: deps.log,
  endpoints: {
    getOwnership: getOwnership(deps),
    updateOwnership: updateOwnership(deps),
    evaluateOwnership: evaluateOwnership(deps),
    listCodeowners: listCodeownersFiles(deps),
    createCodeowners: createCodeownersFile(deps),
    updateCodeowners: updateCodeownersFile(deps),
    deleteCodeowners: deleteCodeownersFile(deps),
    explainOwnership: explainOwnership(deps),
    ...externalActorEndpoints(deps),
  },
});
