import { createOperationStore } from './stores/bulk/operations.ts';
import { createOutcomeStore } from './stores/bulk/outcomes.ts';
import { createPlanStore } from './stores/bulk/plans.ts';
import { createDirectoryRemovalStore } from './stores/directory/directory-removal.ts';
import { createMembershipStore } from './stores/directory/memberships.ts';
import { createOrganizationStore } from './stores/directory/organizations.ts';
import { createPendingMemberStore } from './stores/directory/pending-members.ts';
import { createRegistrationStore } from './stores/directory/registrations.ts';
import { createTeamStore } from './stores/directory/teams.ts';
import { createTokenStore } from './stores/directory/tokens.ts';
import { createUserStore } from './stores/directory/users.ts';
import { createDeliveryStore } from './stores/ingest/event-deliveries.ts';
import { createSeenGroupStore } from './stores/ingest/seen-groups.ts';
import { createActivityStore } from './stores/issues/activities.ts';
import { createAssignmentStore } from './stores/issues/assignments.ts';
import { createFollowerStore } from './stores/issues/followers.ts';
import { createGroupChangeStore } from './stores/issues/group-changes.ts';
import { createGroupMergeStore } from './stores/issues/group-merges.ts';
import { createGroupRemovalStore } from './stores/issues/group-removal.ts';
import { createGroupStore } from './stores/issues/groups.ts';
import { createHoldingStore } from './stores/issues/holdings.ts';
import { createIssueListStore } from './stores/issues/issue-lists.ts';
import { createMergeRequestStore } from './stores/issues/merge-requests.ts';
import { createNoteStore } from './stores/issues/notes.ts';
import { createOrphanStore } from './stores/issues/orphans.ts';
import { createOwnerTeamStore } from './stores/issues/owner-teams.ts';
import { createSubscriptionStore } from './stores/issues/subscriptions.ts';
import { createUserFlagStore } from './stores/issues/user-flags.ts';
import { createNamespaceStore } from './stores/namespaces.ts';
import { createOutboxRecorder } from './stores/outbox.ts';
import { createGroupOwnerStore } from './stores/ownership/group-owners.ts';
import { createOwnershipStore } from './stores/ownership/ownership.ts';
import { createRulesSaveStore } from './stores/ownership/rules-saves.ts';
import { createRulesVersionStore } from './stores/ownership/rules-versions.ts';
import { createClientKeyStore } from './stores/projects/client-keys.ts';
import { createDeletionStore } from './stores/projects/deletions.ts';
import { createKeyUseStore } from './stores/projects/key-uses.ts';
import { createNotificationSettingStore } from './stores/projects/notification-settings.ts';
import { createProjectChangeStore } from './stores/projects/project-changes.ts';
import { createProjectLeftoverStore } from './stores/projects/project-leftovers.ts';
import { createProjectStore } from './stores/projects/projects.ts';
import { createReleaseStore } from './stores/projects/releases.ts';
import { createRemovalPageStore } from './stores/projects/removal-pages.ts';
import { createRepeatStore } from './stores/repeats.ts';
import { createExternalActorStore } from './stores/sync/external-actors.ts';
import { createExternalChangeStore } from './stores/sync/external-changes.ts';
import { createIntegrationStore } from './stores/sync/integrations.ts';
import { createLinkStore } from './stores/sync/links.ts';
import { eventually, type Table } from './stores/table.ts';
import { createTransact, type Transact } from './stores/transaction.ts';
import { createWebhookDeliveryStore } from './stores/webhooks/webhook-deliveries.ts';
import { createWebhookEndpointStore } from './stores/webhooks/webhook-endpoints.ts';
import { createWebhookGatheringStore } from './stores/webhooks/webhook-gatherings.ts';
import { createWebhookSendingStore } from './stores/webhooks/webhook-sending.ts';

/** The stores over one table, and what became of requests that named a key. */
export function wireApiStores(table: Table) {
  const commit = createTransact(table);
  const repeats = createRepeatStore(table, commit);
  return { ...wireCommonStores(table, commit, repeats.addingRecord(commit)), repeats };
}

/** What writes of projects ask for, copies of their rules included. */
export function wireProjectStores(table: Table) {
  const commit = createTransact(table);
  const repeats = createRepeatStore(table, commit);
  const transact = repeats.addingRecord(commit);
  return {
    ...wireRulesStores(table, transact, commit),
    ownership: createOwnershipStore(table),
    organizations: createOrganizationStore(table),
    projects: createProjectStore(table),
    projectChanges: createProjectChangeStore(transact),
    clientKeys: createClientKeyStore(table, transact),
    notificationSettings: createNotificationSettingStore(table, transact),
    teams: createTeamStore(table),
    users: createUserStore(table, transact),
    // What an id is made of is no part of what a request writes.
    namespaces: createNamespaceStore(table, commit),
    pendingMembers: createPendingMemberStore(table, transact),
    repeats,
  };
}

/**
 * What writes of teams and members ask for; what a request commits has the record of its key beside
 * it.
 */
export function wireDirectoryStores(table: Table) {
  const commit = createTransact(table);
  const repeats = createRepeatStore(table, commit);
  const transact = repeats.addingRecord(commit);
  return {
    ...wireIssueStores(table, transact),
    ...wireOwnerStores(table, transact),
    ...wirePeopleStores(table, transact),
    projectChanges: createProjectChangeStore(transact),
    namespaces: createNamespaceStore(table, commit),
    repeats,
  };
}

/** Changes of organizations, their teams and members, and what they leave behind. */
function wirePeopleStores(table: Table, transact: Transact) {
  return {
    directoryRemoval: createDirectoryRemovalStore(table, transact),
    memberships: createMembershipStore(transact),
    registrations: createRegistrationStore(transact),
    pendingMembers: createPendingMemberStore(table, transact),
    tokens: createTokenStore(table, transact),
    orphans: createOrphanStore(table),
  };
}

/** Tokens and the people who hold them: all that the authorizer reads. */
export function wireTokenStores(table: Table, transact: Transact) {
  return {
    tokens: createTokenStore(table, transact),
    users: createUserStore(table, transact),
  };
}

/** Issues, with what surrounds them and what their changes are decided on. */
export function wireIssueStores(table: Table, transact: Transact) {
  return {
    table,
    transact,
    groupChanges: createGroupChangeStore(transact),
    groups: createGroupStore(table),
    issueLists: createIssueListStore(table),
    assignments: createAssignmentStore(table),
    subscriptions: createSubscriptionStore(table),
    followers: createFollowerStore(table),
    activities: createActivityStore(table),
    owners: createGroupOwnerStore(table, transact),
    releases: createReleaseStore(table, transact),
    userFlags: createUserFlagStore(table),
    organizations: createOrganizationStore(table),
    projects: createProjectStore(table),
    groupRemoval: createGroupRemovalStore(table, transact),
    teams: createTeamStore(table),
    users: createUserStore(table, transact),
    eventual: wireEventualStores(eventually(table), transact),
  };
}

/** What tells which trackers would hear of a change. */
export function wireForecastStores(table: Table, transact: Transact) {
  return {
    links: createLinkStore(table, transact),
    integrations: createIntegrationStore(table, transact),
  };
}

/** What only writes of issues ask for: notes about them, and their merges. */
export function wireIssueWriteStores(table: Table, transact: Transact) {
  return {
    notes: createNoteStore(table, transact),
    mergeRequests: createMergeRequestStore(transact),
  };
}

/** Whom and what a request names, as they were a moment ago. */
function wireEventualStores(table: Table, transact: Transact) {
  return {
    organizations: createOrganizationStore(table),
    projects: createProjectStore(table),
    teams: createTeamStore(table),
    users: createUserStore(table, transact),
  };
}

/** What explains and tries out owners reads of issues and people; nothing of issues is written. */
export function wireExplainingStores(table: Table, transact: Transact) {
  return {
    groups: createGroupStore(table),
    issueLists: createIssueListStore(table),
    assignments: createAssignmentStore(table),
    owners: createGroupOwnerStore(table, transact),
    seenGroups: createSeenGroupStore(table, transact),
    holdings: createHoldingStore(table),
    organizations: createOrganizationStore(table),
    projects: createProjectStore(table),
    teams: createTeamStore(table),
    users: createUserStore(table, transact),
  };
}

/** Rules, and whom the names in them stand for. */
export function wireOwnerStores(table: Table, transact: Transact) {
  return {
    ownership: createOwnershipStore(table),
    externalActors: createExternalActorStore(table, transact),
    integrations: createIntegrationStore(table, transact),
  };
}

/**
 * Saves of rules, and the versions that they keep; `commit` writes what is no part of a request.
 */
export function wireRulesStores(table: Table, transact: Transact, commit: Transact) {
  return {
    rulesSaves: createRulesSaveStore(transact, commit),
    rulesVersions: createRulesVersionStore(table, commit),
  };
}

/** What was seen of events. */
export function wireSeenStores(table: Table, transact: Transact) {
  return {
    deliveries: createDeliveryStore(table),
    seenGroups: createSeenGroupStore(table, transact),
  };
}

/** Client keys, their projects, and how much of their limits is used. */
export function wireIngestStores(table: Table) {
  const transact = createTransact(table);
  return {
    projects: createProjectStore(table),
    clientKeys: createClientKeyStore(table, transact),
    keyUses: createKeyUseStore(table),
  };
}

/** Operations over many issues, and what became of these. */
export function wireBulkStores(table: Table, transact: Transact) {
  return {
    operations: createOperationStore(table, transact),
    outcomes: createOutcomeStore(table, transact),
  };
}

/** The same, with the plans that they apply. */
export function wireOperationStores(table: Table, transact: Transact) {
  return {
    ...wireBulkStores(table, transact),
    plans: createPlanStore(table, transact),
  };
}

/** What is asked of operations: the stores that requests for them and answers about them need. */
export function wireOperationApiStores(table: Table) {
  const commit = createTransact(table);
  const repeats = createRepeatStore(table, commit);
  const transact = repeats.addingRecord(commit);
  return {
    ...wireIssueStores(table, transact),
    ...wireForecastStores(table, transact),
    ...wireOperationStores(table, transact),
    repeats,
  };
}

/** Endpoints of webhooks, and what is sent to them. */
export function wireWebhookStores(table: Table, transact: Transact) {
  return {
    webhookEndpoints: createWebhookEndpointStore(table, transact),
    webhookDeliveries: createWebhookDeliveryStore(table, transact),
    webhookGatherings: createWebhookGatheringStore(table, transact),
    webhookSending: createWebhookSendingStore(table, transact),
    organizations: createOrganizationStore(table),
    projects: createProjectStore(table),
  };
}

/** What tells webhooks' receivers of an event, and who is who in it. */
export function wireToldStores(table: Table, transact: Transact) {
  return {
    groups: createGroupStore(table),
    teams: createTeamStore(table),
    users: createUserStore(table, transact),
  };
}

/** Every store over one table. */
export function wireStores(table: Table) {
  const commit = createTransact(table);
  return {
    ...wireCommonStores(table, commit, commit),
    ...wireRulesStores(table, commit, commit),
    ...wireOperationStores(table, commit),
    ...wireWebhookStores(table, commit),
  };
}

/** Every store but those of rules' versions; `transact` is what a request commits by. */
export function wireCommonStores(table: Table, commit: Transact, transact: Transact) {
  return {
    ...wireIssueStores(table, transact),
    ...wireIssueWriteStores(table, transact),
    ...wireOwnerStores(table, transact),
    ...wireSeenStores(table, transact),
    groupMerges: createGroupMergeStore(table, transact),
    projectChanges: createProjectChangeStore(transact),
    clientKeys: createClientKeyStore(table, transact),
    projectLeftovers: createProjectLeftoverStore(table, transact),
    removalPages: createRemovalPageStore(table, transact),
    deletions: createDeletionStore(table, transact),
    ...wirePeopleStores(table, transact),
    notificationSettings: createNotificationSettingStore(table, transact),
    ownerTeams: createOwnerTeamStore(table),
    // What an id is made of is no part of what a request writes.
    namespaces: createNamespaceStore(table, commit),
    links: createLinkStore(table, transact),
    externalChanges: createExternalChangeStore(transact),
    outbox: createOutboxRecorder(transact),
  };
}

export type Stores = ReturnType<typeof wireStores>;
