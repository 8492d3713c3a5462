import { invalidRequest, notFound } from '../../domain/errors.ts';
import type { OrganizationId, ProjectId } from '../../domain/ids.ts';
import {
  type AskedOfKey,
  type ClientKey,
  changedKey,
  MOST_CLIENT_KEYS,
  newClientKey,
} from '../../domain/projects/client-key.ts';
import { AGAIN, redecide } from '../../retry.ts';
import type {
  ClientKeyStore,
  ClientKeys,
  ClientKeyWrite,
} from '../../stores/projects/client-keys.ts';
import type { ProjectStore } from '../../stores/projects/projects.ts';
import type { Clock } from '../deps.ts';
import { findActiveProject } from '../lookup/find-project.ts';

export type ReadClientKeysDeps = {
  readonly projects: Pick<ProjectStore, 'bySlug' | 'byIds'>;
  readonly clientKeys: Pick<ClientKeyStore, 'ofProject'>;
};

export type ChangeClientKeysDeps = ReadClientKeysDeps & {
  readonly clientKeys: Pick<ClientKeyStore, 'ofProject' | 'change'>;
  readonly clock: Clock;
  readonly newKeyText: () => string;
};

/** A project of an organization, by id or slug. */
export type ProjectNamed = { readonly organizationId: OrganizationId; readonly project: string };

/** The keys of a project, the oldest first. Throws `resource.not_found` without the project. */
export async function readClientKeys(
  deps: ReadClientKeysDeps,
  { organizationId, project }: ProjectNamed,
): Promise<readonly ClientKey[]> {
  const found = await findActiveProject(deps, organizationId, project);
  return (await deps.clientKeys.ofProject(found)).keys;
}

/** One key by its public part. Throws `resource.not_found` without it, or without the project. */
export async function readClientKey(
  deps: ReadClientKeysDeps,
  named: ProjectNamed & { readonly keyId: string },
): Promise<ClientKey> {
  return requireKey(await readClientKeys(deps, named), named.keyId);
}

/**
 * Adds a key to a project. Throws `resource.not_found` without the project, `request.invalid` where
 * it has as many as it can have.
 */
export function createClientKey(
  deps: ChangeClientKeysDeps,
  named: ProjectNamed,
  asked: AskedOfKey,
): Promise<ClientKey> {
  return changeKeys(deps, named, ({ keys }, projectId) => {
    if (keys.length >= MOST_CLIENT_KEYS) {
      throw invalidRequest(`A project can have ${MOST_CLIENT_KEYS} client keys: delete one first.`);
    }
    const made = {
      id: deps.newKeyText(),
      secret: deps.newKeyText(),
      projectId,
      dateCreated: deps.clock(),
    };
    const key = changedKey(newClientKey(made), asked);
    return { key, write: { kind: 'put', key } };
  });
}

/** Changes a key. Throws `resource.not_found` without it, or without the project. */
export function changeClientKey(
  deps: ChangeClientKeysDeps,
  named: ProjectNamed & { readonly keyId: string },
  asked: AskedOfKey,
): Promise<ClientKey> {
  return changeKeys(deps, named, ({ keys }) => {
    const key = changedKey(requireKey(keys, named.keyId), asked);
    return { key, write: { kind: 'put', key } };
  });
}

/** Deletes a key. Throws `resource.not_found` without it, or without the project. */
export async function deleteClientKey(
  deps: ChangeClientKeysDeps,
  named: ProjectNamed & { readonly keyId: string },
): Promise<void> {
  await changeKeys(deps, named, ({ keys }) => {
    const key = requireKey(keys, named.keyId);
    return { key, write: { kind: 'remove', id: key.id } };
  });
}

async function changeKeys(
  deps: ChangeClientKeysDeps,
  { organizationId, project }: ProjectNamed,
  decide: (
    found: ClientKeys,
    projectId: ProjectId,
  ) => { readonly key: ClientKey; readonly write: ClientKeyWrite },
): Promise<ClientKey> {
  return redecide(async () => {
    const found = await findActiveProject(deps, organizationId, project);
    const keys = await deps.clientKeys.ofProject(found);
    const { key, write } = decide(keys, found.id);
    const { committed } = await deps.clientKeys.change(found, keys.version, write);
    return committed ? key : AGAIN;
  });
}

function requireKey(keys: readonly ClientKey[], id: string): ClientKey {
  const found = keys.find((key) => key.id === id);
  if (found === undefined) {
    throw notFound();
  }
  return found;
}
