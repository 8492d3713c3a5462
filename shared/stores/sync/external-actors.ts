import { type Actor, formatActor } from '../../domain/actor.ts';
import type { EventRecord } from '../../domain/events.ts';
import type { IntegrationId, OrganizationId } from '../../domain/ids.ts';
import { comparableName, providers } from '../../domain/sync/external-issue.ts';
import type { ExternalActor } from '../../domain/sync/integration.ts';
import { doesNotExist, exists } from '../conditions.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import { integrationKeys } from '../keys/integration-keys.ts';
import { isKeyable, type Key } from '../keys.ts';
import { recordEvent } from '../outbox.ts';
import { organizationId } from '../row-fields.ts';
import { object, oneOf, rowReader, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';

export type ExternalActorStore = ReturnType<typeof createExternalActorStore>;

/** Which accounts in trackers stand for which users and teams. */
export function createExternalActorStore(table: Table, transact: Transact) {
  async function known(
    integrationId: IntegrationId,
    by: 'actor' | 'id' | 'name',
    value: string,
  ): Promise<ExternalActor[]> {
    if (value === '' || !isKeyable(value)) {
      return [];
    }
    const items = await table.queryAll(
      byPrefix(integrationKeys.partition(integrationId), integrationKeys.accountPrefix(by, value)),
    );
    // A name may itself contain what separates the parts of a key.
    return items.map(externalActorFromItem).filter((found) => knownAs(found)[by] === value);
  }

  return {
    /** The accounts that stand for a user or a team in one tracker. One Query. */
    ofActor: (integrationId: IntegrationId, actor: Actor) =>
      known(integrationId, 'actor', formatActor(actor)),

    /** The user or team that an account stands for, by the account's stable id. One Query. */
    ofAccountId: (integrationId: IntegrationId, externalId: string) =>
      known(integrationId, 'id', externalId),

    /** The same by the account's name, whatever its case and with or without `@`. One Query. */
    ofAccountName: (integrationId: IntegrationId, externalName: string) =>
      known(integrationId, 'name', comparableName(externalName)),

    /** All external actors of an organization, in the order of their keys. One Query. */
    async ofOrganization(organizationId: OrganizationId): Promise<ExternalActor[]> {
      const items = await table.queryAll(
        byPrefix(
          directoryKeys.organizationPartition(organizationId),
          integrationKeys.externalActorPrefix,
        ),
      );
      return items.map(externalActorFromItem);
    },

    /** One external actor; undefined where there is none. One round trip. */
    async byId(organizationId: OrganizationId, id: string): Promise<ExternalActor | undefined> {
      const item = await table.get(integrationKeys.externalActor(organizationId, id));
      return item && externalActorFromItem(item);
    },

    /**
     * Adds an external actor, with the event. Refused by `external actor` where its id is taken, by
     * `actor` where the user or team that it stands for is gone. One round trip.
     */
    insert(actor: ExternalActor, event: EventRecord) {
      return transact([
        checkActor(actor),
        ...externalActorItems(actor).map((Item) => ({
          name: 'external actor' as const,
          put: { Item, ...doesNotExist },
        })),
        recordEvent(event),
      ]);
    },

    /**
     * Replaces one external actor, with the event. Refused where it is gone, or by `actor` where
     * the user or team that it is to stand for is gone. One round trip.
     */
    replace(before: ExternalActor, after: ExternalActor, event: EventRecord) {
      const kept = new Set(externalActorItems(after).map(addressOf));
      const known = new Set(externalActorItems(before).map(addressOf));
      return transact([
        checkActor(after),
        ...externalActorItems(before)
          .filter((item) => !kept.has(addressOf(item)))
          .map(deletion),
        ...externalActorItems(after).map((Item) => ({
          name: 'external actor' as const,
          put: known.has(addressOf(Item)) ? { Item, ...exists } : { Item },
        })),
        recordEvent(event),
      ]);
    },

    /** Removes an external actor, with the event. One round trip. */
    remove(actor: ExternalActor, event: EventRecord) {
      return transact([...externalActorItems(actor).map(deletion), recordEvent(event)]);
    },
  };
}

/** The user or team that an account stands for is a member, or a team, of the organization. */
function checkActor({ organizationId, actor }: ExternalActor) {
  return {
    name: 'actor' as const,
    check: {
      Key:
        actor.type === 'team'
          ? directoryKeys.team(actor.id)
          : directoryKeys.member(organizationId, actor.id),
      ...exists,
    },
  };
}

/**
 * An external actor's rows: one with its organization, and one for each way to be known in the
 * tracker.
 */
export function externalActorItems(actor: ExternalActor): Item[] {
  const { id, organizationId, integrationId } = actor;
  const row = { entity: 'externalActor', ...actor };
  const known = knownAs(actor);
  const accounts = accountKeys.filter((by) => known[by] !== '');
  return [
    { ...integrationKeys.externalActor(organizationId, id), ...row },
    ...accounts.map((by) => ({
      ...integrationKeys.account(integrationId, by, known[by], id),
      ...row,
    })),
  ];
}

/** What an account is found by: the user or team that it stands for, its id, its name. */
const accountKeys = ['actor', 'id', 'name'] as const;

function knownAs({ actor, externalId, externalName }: ExternalActor) {
  return { actor: formatActor(actor), id: externalId, name: comparableName(externalName) };
}

function addressOf({ pk, sk }: Key): string {
  return `${pk}\n${sk}`;
}

function deletion({ pk, sk }: Item): Write<'external actor'> {
  return { name: 'external actor', delete: { Key: { pk, sk } } };
}

const externalActorFromItem = rowReader<ExternalActor>({
  id: text,
  organizationId,
  integrationId: text,
  provider: oneOf(providers),
  actor: object<Actor>({ type: oneOf(['user', 'team']), id: text }),
  externalId: text,
  externalName: text,
  knownBy: oneOf(['hand', 'email']),
});
