import * as v from 'valibot';
import { count, id, time } from './parts.ts';

const provider = v.picklist(['github', 'jira', 'gitlab', 'azure', 'redmine']);

const tracker = {
  id,
  name: v.string(),
  icon: v.null(),
  domainName: v.nullable(v.string()),
  accountType: v.null(),
  scopes: v.null(),
  status: v.string(),
  provider: v.strictObject({
    key: provider,
    slug: provider,
    name: v.string(),
    canAdd: v.boolean(),
    canDisable: v.boolean(),
    features: v.array(v.string()),
    aspects: v.strictObject({}),
  }),
};

/** A tracker that issues are kept in step with. `secretRef` says where its secret is kept. */
export const integration = v.strictObject({
  ...tracker,
  configData: v.record(v.string(), v.unknown()),
  organizationId: id,
  organizationIntegrationStatus: v.string(),
  baseUrl: v.pipe(v.string(), v.url()),
  secretRef: v.string(),
  allowPrivateAddress: v.boolean(),
  webhookUrl: v.pipe(v.string(), v.url()),
  needsReauthorization: v.boolean(),
  dateCreated: time,
});

const external = {
  id,
  key: v.string(),
  url: v.nullable(v.pipe(v.string(), v.url())),
  displayName: v.string(),
};

/** A tracker with the issues there that an issue is linked to; what they say is not kept. */
export const linkedTracker = v.strictObject({
  ...tracker,
  externalIssues: v.array(v.strictObject({ ...external, title: v.null(), description: v.null() })),
});

const formField = v.strictObject({
  name: v.string(),
  label: v.string(),
  type: v.picklist(['string', 'textarea']),
  required: v.boolean(),
  default: v.string(),
  placeholder: v.string(),
});

/** A tracker with the fields of the form that links an issue to one there, or creates one. */
export const trackerForm = v.union([
  v.strictObject({ ...tracker, linkIssueConfig: v.array(formField) }),
  v.strictObject({ ...tracker, createIssueConfig: v.array(formField) }),
]);

/** An issue of a tracker that an issue has just been linked to. */
export const linkedIssue = v.strictObject({ ...external, integrationId: id });

const person = v.strictObject({ externalId: v.string(), externalName: v.string() });

/** A link of an issue to one of a tracker; `plan` is there for a request with `plan=1`. */
export const externalIssue = v.strictObject({
  id,
  integrationId: id,
  provider,
  key: v.string(),
  issueId: id,
  serviceType: provider,
  displayName: v.string(),
  webUrl: v.nullable(v.pipe(v.string(), v.url())),
  status: v.string(),
  version: count,
  assignee: v.nullable(person),
  lastError: v.nullable(v.string()),
  updatedAt: time,
  plan: v.optional(
    v.strictObject({
      add: v.array(person),
      remove: v.array(person),
      error: v.optional(v.string()),
    }),
  ),
});

const account = {
  id,
  externalName: v.string(),
  externalId: v.nullable(v.string()),
  integrationId: id,
  provider,
};

/** Which user an account of a tracker stands for. */
export const externalUser = v.strictObject({ ...account, userId: id });

/** Which team a group of a tracker stands for. */
export const externalTeam = v.strictObject({ ...account, teamId: id });
