import type { ExternalActor, Integration } from '../../../domain/sync/integration.ts';
import type { LinkPlan, LinkReport } from '../../../operations/sync/list-links.ts';
import type { Searchable } from '../../search.ts';

/** Trackers by the names that people know. */
const providerNames = {
  github: 'GitHub',
  jira: 'Jira',
  gitlab: 'GitLab',
  azure: 'Azure DevOps',
  redmine: 'Redmine',
} as const;

/** By what a search finds trackers. */
export function searchableIntegration({ id, provider, name }: Integration): Searchable {
  return { keys: { id: [id], provider: [provider], name: [name] }, text: [name, provider] };
}

/** By what a search finds accounts. */
export function searchableExternalActor(externalUser: ExternalActor): Searchable {
  const { id, actor, externalId, externalName } = externalUser;
  return {
    keys: { id: [id], 'user.id': [actor.id], provider: [externalUser.provider] },
    text: [externalName, externalId],
  };
}

/** What a tracker is, in Sentry's shape, for whoever may read issues. */
export function serializeTracker({ id, provider, name, baseUrl }: Integration) {
  return {
    id,
    name,
    icon: null,
    domainName: URL.parse(baseUrl)?.host ?? null,
    accountType: null,
    scopes: null,
    status: 'active',
    provider: {
      key: provider,
      slug: provider,
      name: providerNames[provider],
      canAdd: true,
      canDisable: false,
      features: ['issue-basic', 'issue-sync'],
      aspects: {},
    },
  };
}

/**
 * A tracker in Sentry's shape, with where it is, where its secret belongs, and where its webhooks
 * go.
 */
export function serializeIntegration(integration: Integration, baseUrl: string) {
  const { id, provider, config } = integration;
  return {
    ...serializeTracker(integration),
    configData: config,
    organizationId: integration.organizationId,
    organizationIntegrationStatus: 'active',
    baseUrl: integration.baseUrl,
    secretRef: integration.secretRef,
    allowPrivateAddress: integration.allowPrivateAddress,
    webhookUrl: `${baseUrl}/api/0/extensions/${provider}/webhook/${id}/`,
    needsReauthorization: integration.refusedAtMs !== null,
    dateCreated: integration.dateCreated,
  };
}

/** Whom an account in a tracker stands for, or which team a group. */
export function serializeExternalActor(external: ExternalActor) {
  const { id, externalName, externalId, integrationId, provider, actor } = external;
  return {
    id,
    externalName,
    externalId: externalId === '' ? null : externalId,
    integrationId,
    provider,
    ...(actor.type === 'team' ? { teamId: actor.id } : { userId: actor.id }),
  };
}

/**
 * A link of an issue, in Sentry's shape and with how it is doing, and, where asked for, what would
 * be written now.
 */
export function serializeLink({ link, status, assignee, url }: LinkReport, plan?: LinkPlan) {
  return {
    id: link.id,
    integrationId: link.integrationId,
    provider: link.provider,
    key: link.externalKey,
    issueId: link.groupId,
    serviceType: link.provider,
    displayName: link.externalKey,
    webUrl: url,
    status,
    version: link.syncedVersion,
    assignee: assignee === null ? null : serializePerson(assignee),
    lastError: link.lastError,
    updatedAt: link.updatedAt,
    ...(plan === undefined ? {} : { plan: serializePlan(plan) }),
  };
}

function serializePlan({ add, remove, error }: LinkPlan) {
  return {
    add: add.map(serializePerson),
    remove: remove.map(serializePerson),
    ...(error === null ? {} : { error }),
  };
}

function serializePerson({
  externalId,
  externalName,
}: {
  readonly externalId: string;
  readonly externalName: string;
}) {
  return { externalId, externalName };
}
