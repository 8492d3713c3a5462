import type { Actor } from '../../shared/domain/actor.ts';
import { readExternalKey } from '../../shared/domain/sync/external-key-url.ts';
import { newLink } from '../../shared/domain/sync/issue-link.ts';
import type { SubscribedGroup } from '../../shared/stores/issues/user-rows.ts';
import { idNamedBy } from '../../shared/stores/named-ids.ts';
import { externalActorItems } from '../../shared/stores/sync/external-actors.ts';
import { integrationItems } from '../../shared/stores/sync/integrations.ts';
import { linkIdOf, linkItem } from '../../shared/stores/sync/links.ts';
import type { Item } from '../../shared/stores/table.ts';
import type { Entry } from './schema.ts';

/** The rows of an integration. */
export function integrationRows(
  entry: Entry<'integrations'>,
  organizationId: string,
  now: string,
): Item[] {
  const { id, provider, name, baseUrl, secretRef, config, actor } = entry;
  return integrationItems({
    id,
    organizationId,
    provider,
    name,
    baseUrl,
    secretRef,
    config,
    allowPrivateAddress: entry.allowPrivateAddress ?? false,
    actor: actor ?? null,
    dateCreated: now,
    pausedUntilMs: null,
    refusedAtMs: null,
  });
}

/** The rows of a mapped account. */
export function externalActorRows(
  entry: Entry<'externalActors'>,
  integration: Entry<'integrations'>,
  organizationId: string,
): Item[] {
  const { user, team, externalId, externalName } = entry;
  const actor: Actor =
    user === undefined ? { type: 'team', id: team ?? '' } : { type: 'user', id: user };
  return externalActorItems({
    id: idNamedBy('externalActor', integration.id, externalId),
    organizationId,
    integrationId: integration.id,
    provider: integration.provider,
    actor,
    externalId,
    externalName,
    knownBy: 'hand',
  });
}

/** The row of a link, before its first sync. */
export function linkRows(
  entry: Entry<'links'>,
  { id: groupId, organizationId, projectId }: SubscribedGroup,
  integration: Entry<'integrations'>,
  now: string,
): Item[] {
  const { id: integrationId, provider } = integration;
  const reading = readExternalKey(integration, entry.key);
  if (!reading.ok) {
    throw new Error(`${reading.problem} The world was not checked.`);
  }
  const named = { groupId, integrationId, externalKey: reading.key };
  const unsynced = { syncedVersion: 0, syncedStatusVersion: 0 };
  const link = { id: linkIdOf(named), ...named, organizationId, projectId, provider };
  return [linkItem(newLink({ ...link, ...unsynced }, now))];
}
