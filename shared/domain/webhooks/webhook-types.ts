/** What webhooks tell of, by the type that their bodies and the `events` of endpoints name. */
export const WEBHOOK_TYPES = [
  'issue.created',
  'issue.assigned',
  'issue.unassigned',
  'issue.reassigned',
  'issue.owner_changed',
  'issue.orphaned',
  'issue.lease_ending',
  'issue.resolved',
  'issue.unresolved',
  'issue.ignored',
  'issue.merged',
  'issue.deleted',
  'ownership.changed',
  'project.created',
  'project.updated',
  'project.deleted',
  'project.restored',
] as const;

export type WebhookType = (typeof WEBHOOK_TYPES)[number];

/** The type of a webhook that only shows that an endpoint can be reached. */
export const PING_TYPE = 'webhook.ping';
