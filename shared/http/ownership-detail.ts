import { stateOfCodeowners, stateOfOwnership } from '../domain/editable-state.ts';
import type { DescribedCodeowners } from '../operations/ownership/codeowners.ts';
import type { TaggedReply } from './endpoint.ts';
import { entityTagOf } from './repetition/entity-tag.ts';
import {
  type ShownOwnership,
  serializeCodeowners,
  serializeOwnership,
} from './serializers/ownership/ownership.ts';

/** An answer that shows the ownership rules and settings of a project. */
export function ownershipReply(status: number, described: ShownOwnership): TaggedReply {
  const etag = entityTagOf(stateOfOwnership(described));
  return { status, body: serializeOwnership(described), etag };
}

/** An answer that shows one CODEOWNERS file. */
export function codeownersReply(status: number, file: DescribedCodeowners): TaggedReply {
  const [body] = serializeCodeowners([file]);
  return { status, body, etag: entityTagOf(stateOfCodeowners(file.codeowners)) };
}
