import * as v from 'valibot';
import { orphanPolicies, TEAM_WORKFLOW_NOTIFICATIONS } from '../../shared/domain/directory.ts';
import { providers } from '../../shared/domain/sync/external-issue.ts';
import { STAGE_PARAMETERS } from '../stage-parameters.ts';
import {
  count,
  exactly,
  filledText,
  flag,
  id,
  list,
  oneOf,
  options,
  reference,
  slug,
  text,
  time,
} from './fields.ts';

/** The features that an organization can have. */
export const features = [
  'integrations-issue-sync',
  TEAM_WORKFLOW_NOTIFICATIONS,
  'increased-issue-owners-rate-limit',
  'discard-groups',
] as const;

/**
 * The scopes that a token can carry: each `x:admin` includes `x:write`, which includes `x:read`.
 */
export const scopes = ['event', 'project', 'org', 'team', 'member'].flatMap((noun) =>
  ['read', 'write', 'admin'].map((level) => `${noun}:${level}`),
);

export const delivery = oneOf(['always', 'subscribe_only', 'never', 'default']);
const policy = oneOf(['keep', 'clear']);

export const organization = exactly('an organization', {
  id,
  slug,
  name: filledText,
  openMembership: flag,
  features: list(oneOf(features)),
  dateCreated: v.optional(time),
  /**
   * `post_process.get-autoassign-owners` holds the ids of projects whose events assign nobody;
   * `webhooks.allow-private-address` lets webhooks go to private addresses, and over plain http.
   */
  options: v.optional(
    v.objectWithRest(
      {
        'post_process.get-autoassign-owners': v.optional(list(id)),
        'webhooks.allow-private-address': v.optional(flag),
      },
      v.unknown(),
    ),
  ),
  projectDeletionDelay: v.optional(count),
  orphanPolicy: v.optional(oneOf(orphanPolicies)),
});

export const user = exactly('a user', {
  id,
  username: filledText,
  name: text,
  emails: list(exactly('an address', { email: address(), isPrimary: flag, isVerified: flag })),
  options: v.optional(
    v.objectWithRest({ self_assign_issue: v.optional(oneOf(['0', '1'])) }, v.unknown()),
  ),
  isActive: v.optional(flag),
});

export const member = exactly('a member', {
  organization: reference,
  user: id,
  role: oneOf(['owner', 'manager', 'admin', 'member']),
});

export const team = exactly('a team', {
  id,
  organization: reference,
  slug,
  name: filledText,
  members: list(exactly("a team's member", { user: id, isActive: flag })),
});

export const project = exactly('a project', {
  id,
  organization: reference,
  slug,
  name: filledText,
  teams: list(slug),
  platform: v.nullish(text),
  dateCreated: v.optional(time),
  firstEvent: v.nullish(time),
  options: v.optional(options),
});

export const group = exactly('a group', {
  id,
  project: id,
  title: text,
  shortId: v.optional(shortId()),
  culprit: v.nullish(text),
  level: v.optional(oneOf(['sample', 'debug', 'info', 'warning', 'error', 'fatal'])),
  type: v.optional(filledText),
  status: v.optional(
    oneOf(['unresolved', 'resolved', 'ignored', 'pending_deletion', 'pending_merge']),
  ),
  substatus: v.nullish(
    oneOf([
      'archived_until_escalating',
      'archived_until_condition_met',
      'archived_forever',
      'escalating',
      'ongoing',
      'regressed',
      'new',
    ]),
  ),
  priority: v.nullish(oneOf(['low', 'medium', 'high'])),
  timesSeen: v.optional(count),
  userCount: v.optional(count),
  firstSeen: v.optional(time),
  lastSeen: v.optional(time),
  metadata: v.optional(options),
});

export const integration = exactly('an integration', {
  id,
  organization: reference,
  provider: oneOf(providers),
  name: filledText,
  baseUrl: httpUrl(),
  secretRef: secretRef(),
  config: exactly("an integration's config", {
    sync_forward_assignment: v.optional(flag),
    sync_reverse_assignment: v.optional(flag),
    sync_status_forward: v.optional(flag),
    sync_status_reverse: v.optional(flag),
    teamPolicy: v.optional(policy),
    unmappedPolicy: v.optional(policy),
  }),
  allowPrivateAddress: v.optional(flag),
  actor: v.optional(
    exactly("an integration's actor", { externalId: filledText, externalName: filledText }),
  ),
});

const webhookSecrets = v.pipe(
  list(filledText),
  v.maxLength(2, 'must hold at most two: the current one and the one before it'),
);
const tokenSecret = exactly('a secret with a token', { token: filledText, webhookSecrets });
const appSecret = exactly('a secret of a GitHub App', {
  appId: filledText,
  installationId: filledText,
  privateKey: filledText,
  webhookSecrets,
});
/** Chosen by `appId`, so validation errors refer to the variant that the author meant. */
export const secret = v.lazy((value) =>
  typeof value === 'object' && value !== null && 'appId' in value ? appSecret : tokenSecret,
);

function address() {
  return v.pipe(filledText, v.includes('@', 'must be an e-mail address'));
}

function shortId() {
  return v.pipe(
    v.string('must be a string like "SHOP-1"'),
    v.regex(/^[A-Za-z0-9_-]+-[A-Za-z0-9]+$/, 'must look like "SHOP-1"'),
    v.toUpperCase(),
  );
}

export function secretRef() {
  return v.pipe(
    v.string('must be a string like "local/github-501"'),
    v.regex(
      /^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*$/,
      'must be a path like "local/github-501": letters, digits, . - _ between slashes',
    ),
    v.check(
      (value) => !(STAGE_PARAMETERS as readonly string[]).includes(value),
      `must not be ${STAGE_PARAMETERS.join(', ')}: those say where the stage is`,
    ),
  );
}

function httpUrl() {
  return v.pipe(
    v.string('must be a URL'),
    v.check(
      (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
      'must be an http or https URL',
    ),
  );
}

/** Whether an entry names either a user or a team. */
export function namesOne(entry: { readonly user?: unknown; readonly team?: unknown }): boolean {
  return (entry.user === undefined) !== (entry.team === undefined);
}
