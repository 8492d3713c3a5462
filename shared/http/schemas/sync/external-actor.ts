import type { Actor } from '../../../domain/actor.ts';
import { type Provider, providers } from '../../../domain/sync/external-issue.ts';
import type { ExternalActorInput } from '../../../operations/sync/external-actors.ts';
import { dictionary, maybe, nullable, parseBody, text } from '../../fields.ts';

/** Short enough, in any script, for a key of the table. */
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

const newOfType = {
  user: dictionary({ ...required, userId: id }),
  team: dictionary({ ...required, teamId: id }),
};
const updateOfType = {
  user: dictionary({ ...optional, userId: maybe(id) }),
  team: dictionary({ ...optional, teamId: maybe(id) }),
};

/**
 * Reads whom an account in a tracker stands for; names may be written `external_name` as well.
 * Throws `request.invalid` with the messages of every field that is wrong.
 */
export function parseNewExternalActor(type: Actor['type'], body: unknown): ExternalActorInput {
  const fields = parseBody(newOfType[type], inCamelCase(body));
  return {
    integrationId: fields.integrationId,
    externalName: fields.externalName,
    actorId: 'teamId' in fields ? fields.teamId : fields.userId,
    externalId: fields.externalId ?? '',
    provider: providerOf(fields.provider),
  };
}

/** Reads what of it is to be corrected. Throws `request.invalid`. */
export function parseExternalActorUpdate(
  type: Actor['type'],
  body: unknown,
): Partial<ExternalActorInput> {
  const fields = parseBody(updateOfType[type], inCamelCase(body));
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

/**
 * Sentry has names of its own for some trackers; what is no name of ours says nothing that could be
 * wrong.
 */
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
