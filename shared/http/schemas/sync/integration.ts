import { type Provider, providers } from '../../../domain/sync/external-issue.ts';
import { boolean, choice, dictionary, maybe, parseBody, text } from '../../fields.ts';

const policies = ['keep', 'clear'] as const;

const configFields = {
  sync_forward_assignment: maybe(boolean()),
  sync_reverse_assignment: maybe(boolean()),
  sync_status_forward: maybe(boolean()),
  sync_status_reverse: maybe(boolean()),
  teamPolicy: maybe(choice(policies)),
  unmappedPolicy: maybe(choice(policies)),
};

/** The switches and the policies of an integration. */
export const integrationConfig = dictionary(configFields);
const name = text({ maxLength: 200 });

/** The body of a new integration. */
export const newIntegration = dictionary({
  provider: choice(providers),
  name,
  baseUrl: text({ maxLength: 500 }),
  config: maybe(integrationConfig),
});

/** The body of a change of an integration. */
export const integrationUpdate = dictionary({
  name: maybe(name),
  config: maybe(integrationConfig),
});

export type IntegrationConfig = Readonly<Record<string, unknown>>;

/**
 * Reads the body of a new integration. Throws `request.invalid` with the messages of every field
 * that is wrong.
 */
export function parseNewIntegration(body: unknown): {
  readonly provider: Provider;
  readonly name: string;
  readonly baseUrl: string;
  readonly config: IntegrationConfig;
} {
  const { config: given = {}, ...fields } = parseBody(newIntegration, body);
  return { ...fields, config: given };
}

/**
 * Reads the changes of an integration: its name, some of its switches and policies, or both. Throws
 * `request.invalid`.
 */
export function parseIntegrationUpdate(body: unknown): {
  readonly name?: string;
  readonly config?: IntegrationConfig;
} {
  return parseBody(integrationUpdate, body);
}

/**
 * Reads the changes of an integration's switches and policies, sent without a name as Sentry's
 * clients do. Throws `request.invalid`.
 */
export function parseIntegrationConfig(body: unknown): IntegrationConfig {
  return parseBody(integrationConfig, body);
}
