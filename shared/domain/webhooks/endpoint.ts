import type { OrganizationId, ProjectId, WebhookId } from '../ids.ts';
import type { WebhookType } from './webhook-types.ts';

/** How many endpoints an organization can have. */
export const MOST_WEBHOOKS = 20;

/** For how long deliveries of webhooks can be looked up and sent again. */
export const DELIVERY_RETENTION_SECONDS = 7 * 24 * 60 * 60;

/**
 * Why Baton has stopped sending to an endpoint by itself: it answered 410, so whoever runs it does
 * not want any more; or nothing has reached it for five days.
 */
export const disabledReasons = ['gone', 'failing'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** What people say of an endpoint. */
export type WebhookSettings = {
  readonly url: string;
  /** The types that it hears, or `*` for all of them. */
  readonly events: readonly (WebhookType | '*')[];
  /** The ids of the projects that it hears of; null for all of them. */
  readonly projects: readonly string[] | null;
  readonly description: string;
  /** Whether changes of one operation come together. */
  readonly batch: boolean;
  readonly enabled: boolean;
};

/** An address that an organization's webhooks are sent to. */
export type WebhookEndpoint = WebhookSettings & {
  readonly id: WebhookId;
  readonly organizationId: OrganizationId;
  /** The origin of the API as whoever made it called it: links to issues begin with it. */
  readonly origin: string;
  readonly disabledReason: DisabledReason | null;
  readonly dateCreated: string;
  /** Raised by each change of what people say, and when Baton disables it. */
  readonly version: number;
  /** Which of its secrets is the newest: a reader with an older copy of them reads them again. */
  readonly secretId: string;
};

/** Where the secrets of an endpoint are kept. */
export function webhookSecretRef({
  organizationId,
  id,
}: Pick<WebhookEndpoint, 'organizationId' | 'id'>): string {
  return `organizations/${organizationId}/webhooks/${id}`;
}

/** Whether an endpoint hears of something: its type, and the project that it is of, if any. */
export function hears(
  { events, projects }: Pick<WebhookSettings, 'events' | 'projects'>,
  type: WebhookType,
  projectId: ProjectId | null,
): boolean {
  const hearsType = events.includes('*') || events.includes(type);
  return hearsType && (projects === null || (projectId !== null && projects.includes(projectId)));
}

/** The endpoint after a change; who takes it up again does not keep why it was disabled. */
export function changedEndpoint(
  before: WebhookEndpoint,
  changes: Partial<WebhookSettings>,
): WebhookEndpoint {
  const after = { ...before, ...changes };
  return {
    ...after,
    disabledReason: after.enabled ? null : before.disabledReason,
    version: before.version + 1,
  };
}

/** Whether a change says anything new. */
export function isChanged(before: WebhookEndpoint, changes: Partial<WebhookSettings>): boolean {
  return Object.entries(changes).some(
    ([name, value]) =>
      JSON.stringify(value) !== JSON.stringify(before[name as keyof WebhookSettings]),
  );
}
