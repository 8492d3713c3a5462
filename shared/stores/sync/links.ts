import type { EventRecord } from '../../domain/events.ts';
import type { GroupId, IntegrationId, LinkId } from '../../domain/ids.ts';
import {
  type ExternalVersion,
  externalStatuses,
  type Provider,
  providers,
} from '../../domain/sync/external-issue.ts';
import type { IssueLink } from '../../domain/sync/issue-link.ts';
import {
  type InflightWrite,
  linkStatuses,
  type SeenExternal,
} from '../../domain/sync/link-state.ts';
import { type SweepPartition, sweepPartitionOf } from '../../domain/sync/sweep.ts';
import { doesNotExist, revisionIs } from '../conditions.ts';
import { checkAssignment } from '../issues/assignments.ts';
import { linkGroup } from '../issues/group-holds.ts';
import type { AssignedGroupRow } from '../issues/groups.ts';
import { groupKeys } from '../keys/group-keys.ts';
import { gsi2, gsi3 } from '../keys/index-keys.ts';
import { isKeyable } from '../keys.ts';
import { idNamedBy } from '../named-ids.ts';
import { recordEvent, recordEvents } from '../outbox.ts';
import { externalPerson, groupId, organizationId, projectId } from '../row-fields.ts';
import { list, nullable, number, object, oneOf, read, rowReader, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';

/** A link as the sweeper reads it. */
export type WatchedLink = {
  readonly linkId: LinkId;
  readonly groupId: GroupId;
  readonly integrationId: IntegrationId;
  readonly provider: Provider;
};

export type LinkStore = ReturnType<typeof createLinkStore>;

/** Links between groups and external issues. */
export function createLinkStore(table: Table, transact: Transact) {
  return {
    idOf: linkIdOf,

    /** One link, consistently; undefined where there is none. One round trip. */
    async byId(groupId: GroupId, linkId: LinkId): Promise<IssueLink | undefined> {
      if (!isKeyable(linkId)) {
        return undefined;
      }
      const item = await table.get(groupKeys.link(groupId, linkId));
      return item && linkFromItem(item);
    },

    /** The links of a group. One Query. */
    async ofGroup(groupId: GroupId): Promise<IssueLink[]> {
      const items = await table.queryAll(
        byPrefix(groupKeys.partition(groupId), groupKeys.linkPrefix),
      );
      return items.map(linkFromItem);
    },

    /**
     * The links to an external issue, each as it is now. A link that is younger than a moment may
     * be missing. Two round trips, one where there is none.
     */
    async ofExternalKey(integrationId: IntegrationId, externalKey: string): Promise<IssueLink[]> {
      if (!isKeyable(externalKey)) {
        return [];
      }
      const listed = await table.queryAll({
        IndexName: gsi3.name,
        KeyConditionExpression: 'gsi1pk = :pk',
        ExpressionAttributeValues: { ':pk': gsi3.linkedTo(integrationId, externalKey) },
      });
      const items = await table.batchGet(listed.map(({ pk, sk }) => ({ pk, sk })));
      const links = items.map(linkFromItem);
      return links.sort((a, b) => (a.id < b.id ? -1 : 1));
    },

    /** Whether any group is linked to an external issue, as far as the index knows. One Query. */
    async isLinked(integrationId: IntegrationId, externalKey: string): Promise<boolean> {
      if (!isKeyable(externalKey)) {
        return false;
      }
      const { items } = await table.queryPage({
        IndexName: gsi3.name,
        KeyConditionExpression: 'gsi1pk = :pk',
        ExpressionAttributeValues: { ':pk': gsi3.linkedTo(integrationId, externalKey) },
        Limit: 1,
      });
      return items.length > 0;
    },

    /**
     * A page of the links of a partition whose watch ends after `from` and not after `to`, those
     * that end first first. `before` is the partition of links that were last written
     * before November 2026. One Query.
     */
    async watched(input: {
      readonly partition: SweepPartition | 'before';
      readonly from: string;
      readonly to: string;
      readonly after?: Record<string, unknown>;
      readonly limit: number;
    }): Promise<{ links: WatchedLink[]; next: Record<string, unknown> | undefined }> {
      const { partition } = input;
      const page = await table.queryPage({
        IndexName: gsi2.name,
        KeyConditionExpression: 'gsi2pk = :pk AND gsi2sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':pk':
            partition === 'before' ? gsi2.syncBefore : gsi2.sync(partition.state, partition.shard),
          ':from': input.from,
          ':to': input.to,
        },
        Limit: input.limit,
        ...(input.after === undefined ? {} : { ExclusiveStartKey: input.after }),
      });
      const links = page.items.map((item) => ({
        linkId: read(item, 'id', text),
        groupId: read(item, 'groupId', groupId),
        integrationId: read(item, 'integrationId', text),
        provider: read(item, 'provider', oneOf(providers)),
      }));
      return { links, next: page.next };
    },

    /**
     * Adds a link to a live group, with the event that brings it up to date. A refusal names
     * `link`, `group`, or `assignment` where that is not as it was read.
     */
    insert(link: IssueLink, row: AssignedGroupRow, event: EventRecord) {
      return transact([
        ...linkGroup(row),
        {
          name: 'link',
          put: { Item: linkItem(link), ...doesNotExist },
        },
        recordEvent(event),
      ]);
    },

    /**
     * Replaces a link, if it is still as it was read; with `whileVersion` also only while the
     * assignment is at that version (null: there is none). Answers whether it did. One round trip.
     */
    async save(input: {
      readonly link: IssueLink;
      readonly readRevision: number;
      readonly whileVersion?: number | null;
      readonly events?: readonly EventRecord[];
    }): Promise<boolean> {
      const outcome = await transact([
        putLink(input.link, input.readRevision),
        ...(input.whileVersion === undefined
          ? []
          : [checkAssignment(input.link.groupId, input.whileVersion)]),
        ...recordEvents(input.events ?? []),
      ]);
      return outcome.committed;
    },

    /**
     * Moves a link, as it was read, to another live group; where that has the same link, only the
     * original goes. Nothing happens where the link, or who holds the group, has changed meanwhile.
     * One round trip, or two.
     */
    async move(
      link: IssueLink,
      moved: IssueLink,
      to: AssignedGroupRow,
      event: EventRecord,
    ): Promise<void> {
      const original: Write<'link'> = {
        name: 'link',
        delete: {
          Key: groupKeys.link(link.groupId, link.id),
          ...revisionIs(link.revision),
        },
      };
      const outcome = await transact([
        ...linkGroup(to),
        original,
        {
          name: 'copy',
          put: { Item: linkItem(moved), ...doesNotExist },
        },
        recordEvent(event),
      ]);
      if (!outcome.committed && outcome.refused.includes('copy')) {
        await transact([original]);
      }
    },

    /** Removes a link; messages that are on their way to it then do nothing. One round trip. */
    remove({ groupId, id }: Pick<IssueLink, 'groupId' | 'id'>) {
      return transact([{ name: 'link', delete: { Key: groupKeys.link(groupId, id) } }]);
    },
  };
}

/** A link's id follows from what it links, so that the same link is never made twice. */
export function linkIdOf(
  link: Pick<IssueLink, 'groupId' | 'integrationId' | 'externalKey'>,
): string {
  const { groupId, integrationId, externalKey } = link;
  return idNamedBy('link', groupId, integrationId, externalKey.toLowerCase());
}

/** Writes a link that is still as it was read. */
export function putLink(link: IssueLink, readRevision: number): Write<'link'> {
  return {
    name: 'link',
    put: {
      Item: linkItem(link),
      ...revisionIs(readRevision),
    },
  };
}

/**
 * A link's row as the table holds it: with its group, found by the external issue, and among what
 * is watched. The attributes `ownMark` and `mark` are the versions of the external issue.
 */
export function linkItem(link: IssueLink): Item {
  const { lastWrittenVersion, lastExternal, ...attributes } = link;
  const { state, shard } = sweepPartitionOf(link);
  return {
    ...groupKeys.link(link.groupId, link.id),
    entity: 'link',
    ...attributes,
    ownMark: lastWrittenVersion,
    lastExternal: lastExternal && seenItem(lastExternal),
    gsi1pk: gsi3.linkedTo(link.integrationId, link.externalKey),
    gsi1sk: link.id,
    gsi2pk: gsi2.sync(state, shard),
    gsi2sk: gsi2.due(link.watchUntil, link.id),
  };
}

function seenItem({ externalVersion, ...seen }: SeenExternal) {
  return { ...seen, mark: externalVersion };
}

const externalVersion = object<ExternalVersion>({ atMs: nullable(number), rev: nullable(number) });

/** A link's attributes by the names that they are stored under. */
type StoredLink = Omit<IssueLink, 'lastWrittenVersion' | 'lastExternal'> & {
  readonly ownMark: ExternalVersion | null;
  readonly lastExternal: StoredExternal | null;
};

type StoredExternal = Omit<SeenExternal, 'externalVersion'> & { readonly mark: ExternalVersion };

const rowFromItem = rowReader<StoredLink>({
  id: text,
  groupId,
  organizationId,
  projectId,
  integrationId: text,
  provider: oneOf(providers),
  externalKey: text,
  stableId: nullable(text),
  status: oneOf(linkStatuses),
  lastError: nullable(text),
  attempts: number,
  pausedUntilMs: nullable(number),
  watchUntil: text,
  revision: number,
  dateCreated: text,
  updatedAt: text,
  syncedVersion: number,
  syncedStatusVersion: number,
  ours: list(externalPerson),
  inflight: nullable(object<InflightWrite>({ add: nullable(externalPerson) })),
  watermark: nullable(externalVersion),
  ownMark: nullable(externalVersion),
  lastExternal: nullable(
    object<StoredExternal>({
      assignees: list(externalPerson),
      status: nullable(oneOf(externalStatuses)),
      mark: externalVersion,
    }),
  ),
  heldVersion: nullable(number),
});

function linkFromItem(item: Item): IssueLink {
  const { ownMark, lastExternal, ...link } = rowFromItem(item);
  return {
    ...link,
    lastWrittenVersion: ownMark,
    lastExternal: lastExternal && seenFromRow(lastExternal),
  };
}

function seenFromRow({ mark, ...seen }: StoredExternal): SeenExternal {
  return { ...seen, externalVersion: mark };
}
