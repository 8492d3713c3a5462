import type { Actor } from '../../../domain/actor.ts';
import { type Provider, providers } from '../../../domain/sync/external-issue.ts';
import type { ExternalActorInput } from '../../../operations/sync/external-actors.ts';
import { dictionary, maybe, nullable, parseBody, text } from '../../fields.ts';

/** In any script short enough for a key of the table: at most 4 bytes a character. */
const LONGEST_NAME = 190;

const id = text({ maxLength: 64 });
const name = text({ maxLength: LONGEST_NAME });
const provider = maybe(nullable(text({ maxLength: LONGEST_NAME, blank: true })));
const shared = {
  externalId: maybe(nullable(text({ maxLength: LONGEST_NAME, blank: true }))),
  provider,
};
const required = { integrationId: id, externalName: name, ...shared };
const optional = { integrationId: maybe(id), externalName: maybe(name), ...shared };

/** The bodies of new external actors, by what they are. */
export const newExternalActor = {
  user: dictionary({ ...required, userId: id }),
  team: dictionary({ ...required, teamId: id }),
};
/** The bodies of their changes. */
export const changedExternalActor = {
  user: dictionary({ ...optional, userId: maybe(id) }),
  team: dictionary({ ...optional, teamId: maybe(id) }),
};

/**
 * Reads a new external actor: a tracker account or group, and the user or team that it is. Fields
 * may also be spelled in snake_case, such as `external_name`. Throws `request.invalid` with the
 * messages of every field that is wrong.
 */
export function parseNewExternalActor(type: Actor['type'], body: unknown): ExternalActorInput {
  const fields = parseBody(newExternalActor[type], inCamelCase(body));
  return {
    integrationId: fields.integrationId,
    externalName: fields.externalName,
    actorId: 'teamId' in fields ? fields.teamId : fields.userId,
    externalId: fields.externalId ?? '',
    provider: providerOf(fields.provider),
  };
}

/** Reads the changes of an external actor. Throws as `parseNewExternalActor` does. */
export function parseExternalActorUpdate(
  type: Actor['type'],
  body: unknown,
): Partial<ExternalActorInput> {
  const fields = parseBody(changedExternalActor[type], inCamelCase(body));
  const actorId =
    'teamId' in fields ? fields.teamId : 'userId' in fields ? fields.userId : undefined;
  const { integrationId, externalName, externalId } = fields;
  return {
    ...(integrationId === undefined ? {} : { integrationId }),
    ...(externalName === undefined ? {} : { externalName }),
    ...(actorId === undefined ? {} : { actorId }),
    ...(externalId === undefined ? {} : { externalId: externalId ?? '' }),
    provider: providerOf(fields.provider),
  };
}

/** Null for a name that is not ours: Sentry's clients use other names for some trackers. */
function providerOf(given: string | null | undefined): Provider | null {
  return providers.find((known) => known === given?.toLowerCase()) ?? null;
}

function inCamelCase(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return body;
  }
  return Object.fromEntries(
    Object.entries(body).map(([field, value]) => [
      field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
