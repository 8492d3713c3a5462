import * as v from 'valibot';
import { teamWorkflowNotifications } from '../../../shared/domain/directory.ts';
import { subscriptionReasons } from '../../../shared/domain/subscription.ts';
import { providers } from '../../../shared/domain/sync/external-issue.ts';
import {
  actor,
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

/** What an organization can have switched on. */
export const features = [
  'integrations-issue-sync',
  teamWorkflowNotifications,
  'increased-issue-owners-rate-limit',
  'discard-groups',
] as const;

/** The scopes that a token can carry: each `x:admin` includes `x:write`, which includes `x:read`. */
export const scopes = ['event', 'project', 'org', 'team', 'member'].flatMap((noun) =>
  ['read', 'write', 'admin'].map((level) => `${noun}:${level}`),
);

const delivery = oneOf(['always', 'subscribe_only', 'never', 'default']);
const policy = oneOf(['keep', 'clear']);

const organization = exactly('an organization', {
  id,
  slug,
  name: filledText,
  openMembership: flag,
  features: list(oneOf(features)),
  dateCreated: v.optional(time),
  /** `post_process.get-autoassign-owners` holds the ids of projects whose events assign nobody. */
  options: v.optional(
    v.objectWithRest({ 'post_process.get-autoassign-owners': v.optional(list(id)) }, v.unknown()),
  ),
  projectDeletionDelay: v.optional(count),
});

const user = exactly('a user', {
  id,
  username: filledText,
  name: text,
  emails: list(exactly('an address', { email: address(), isPrimary: flag, isVerified: flag })),
  options: v.optional(
    v.objectWithRest({ self_assign_issue: v.optional(oneOf(['0', '1'])) }, v.unknown()),
  ),
  isActive: v.optional(flag),
});

const member = exactly('a member', {
  organization: reference,
  user: id,
  role: oneOf(['owner', 'manager', 'admin', 'member']),
});

const team = exactly('a team', {
  id,
  organization: reference,
  slug,
  name: filledText,
  members: list(exactly("a team's member", { user: id, isActive: flag })),
});

const project = exactly('a project', {
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

const group = exactly('a group', {
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

const integration = exactly('an integration', {
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
/** Which of the two it is shows in its keys, so that errors speak of the one that was meant. */
const secret = v.lazy((value) =>
  typeof value === 'object' && value !== null && 'appId' in value ? appSecret : tokenSecret,
);

/** All that a world can hold, noun by noun. References between the entries are checked by `references.ts`. */
export const worldSchema = exactly('a world', {
  organizations: nouns(organization),
  users: nouns(user),
  members: nouns(member),
  teams: nouns(team),
  projects: nouns(project),
  groups: nouns(group),
  assignments: nouns(
    exactly('an assignment', { group: id, assignedTo: actor, dateAssigned: v.optional(time) }),
  ),
  subscriptions: nouns(
    v.pipe(
      exactly('a subscription', {
        group: id,
        user: v.optional(id),
        team: v.optional(id),
        reason: oneOf(Object.keys(subscriptionReasons) as (keyof typeof subscriptionReasons)[]),
        isActive: flag,
      }),
      v.check((entry) => namesOne(entry), 'must name a user or a team, and not both'),
    ),
  ),
  bookmarks: nouns(exactly('a bookmark', { group: id, user: id })),
  seen: nouns(exactly('an entry of seen', { group: id, user: id })),
  owners: nouns(
    exactly('an owner', {
      group: id,
      type: oneOf(['suspectCommit', 'ownershipRule', 'codeowners']),
      owner: actor,
      rule: v.optional(text),
    }),
  ),
  tokens: nouns(
    exactly('a token', {
      token: filledText,
      organizations: list(reference),
      scopes: list(oneOf(scopes)),
      user: v.optional(id),
    }),
  ),
  ownership: nouns(
    exactly('ownership rules', {
      project: id,
      raw: text,
      autoAssignment: v.optional(
        oneOf([
          'Auto Assign to Suspect Commits',
          'Auto Assign to Issue Owner',
          'Turn off Auto-Assignment',
        ]),
      ),
      fallthrough: v.optional(flag),
      codeownersAutoSync: v.optional(flag),
    }),
  ),
  codeowners: nouns(
    exactly('a CODEOWNERS text', {
      project: id,
      raw: text,
      codeMapping: v.optional(exactly('a code mapping', { sourceRoot: text, stackRoot: text })),
    }),
  ),
  notificationSettings: nouns(
    exactly('notification settings', {
      project: id,
      user: id,
      alerts: delivery,
      workflow: delivery,
      deploy: delivery,
    }),
  ),
  integrations: nouns(integration),
  externalActors: nouns(
    v.pipe(
      exactly('an external actor', {
        integration: id,
        user: v.optional(id),
        team: v.optional(id),
        externalId: filledText,
        externalName: filledText,
      }),
      v.check((entry) => namesOne(entry), 'must name a user or a team, and not both'),
    ),
  ),
  links: nouns(exactly('a link', { group: id, integration: id, key: filledText })),
  secrets: v.optional(
    v.record(secretRef(), secret, 'must be an object of secrets by reference'),
    {},
  ),
});

/** A world as a file holds it. */
export type WorldInput = v.InferInput<typeof worldSchema>;
/** A world that was checked: every noun is there, if only empty, and times are in UTC. */
export type World = v.InferOutput<typeof worldSchema>;
/** The nouns that are lists: all but the secrets. */
export type Noun = Exclude<keyof World, 'secrets'>;
export type Entry<N extends Noun> = World[N][number];

function nouns<Schema extends v.GenericSchema>(entry: Schema) {
  return v.optional(list(entry), []);
}

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

function secretRef() {
  return v.pipe(
    v.string('must be a string like "local/github-501"'),
    v.regex(
      /^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*$/,
      'must be a path like "local/github-501": letters, digits, . - _ between slashes',
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

function namesOne(entry: { readonly user?: unknown; readonly team?: unknown }): boolean {
  return (entry.user === undefined) !== (entry.team === undefined);
}
