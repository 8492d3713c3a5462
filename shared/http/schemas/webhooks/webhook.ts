import * as v from 'valibot';
import { readTime } from '../../../domain/read-time.ts';
import type { WebhookSettings } from '../../../domain/webhooks/endpoint.ts';
import { WEBHOOK_TYPES } from '../../../domain/webhooks/webhook-types.ts';
import {
  boolean,
  choice,
  closedDictionary,
  maybe,
  nullable,
  parseBody,
  text,
} from '../../fields.ts';

const LONGEST_URL = 2_000;
const LONGEST_DESCRIPTION = 500;
/** More than anybody lists by hand; whoever wants more wants all of them. */
const MOST_PROJECTS = 100;

const url = text({ maxLength: LONGEST_URL });

const events = v.pipe(
  v.array(choice([...WEBHOOK_TYPES, '*']), 'Expected a list of types.'),
  v.nonEmpty('Name at least one type, or * for all of them.'),
  v.transform((types): WebhookSettings['events'] => [...new Set(types)]),
);

const projects = nullable(
  v.pipe(
    v.array(text({ maxLength: 100 }), 'Expected a list of projects.'),
    v.nonEmpty('Name at least one project, or null for all of them.'),
    v.maxLength(MOST_PROJECTS, `Name at most ${MOST_PROJECTS} projects.`), // elements
  ),
);

const optional = {
  projects: maybe(projects),
  description: maybe(text({ maxLength: LONGEST_DESCRIPTION, blank: true })),
  batch: maybe(boolean()),
  enabled: maybe(boolean()),
};

/** The body of a new endpoint. */
export const newWebhook = closedDictionary({ url, events, ...optional });

/** The body of a change of an endpoint. */
export const webhookUpdate = closedDictionary({
  url: maybe(url),
  events: maybe(events),
  ...optional,
});

/** Reads the body of a new endpoint. Throws `request.invalid`. */
export function parseNewWebhook(body: unknown): WebhookSettings {
  const given = parseBody(newWebhook, body);
  return { projects: null, description: '', batch: false, enabled: true, ...given };
}

/** Reads what is to change of an endpoint. Throws `request.invalid`. */
export function parseWebhookUpdate(body: unknown): Partial<WebhookSettings> {
  return parseBody(webhookUpdate, body);
}

/** From when on deliveries are sent again. */
export const redelivery = closedDictionary({
  since: v.pipe(
    text({ maxLength: 50 }),
    v.check((since) => readTime(since) !== null, 'Expected a time such as 2026-12-01T09:30:00Z.'),
  ),
});

/** Reads since when deliveries are sent again, ISO 8601 in UTC. Throws `request.invalid`. */
export function parseRedelivery(body: unknown): string {
  const { since } = parseBody(redelivery, body);
  return readTime(since) ?? since;
}

/** A body that says nothing. */
export const nothing = closedDictionary({});

/** Reads the body of a request that has nothing to say. Throws `request.invalid`. */
export function parseNothing(body: unknown): void {
  parseBody(nothing, body);
}
