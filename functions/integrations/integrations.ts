import { organizationOf, requireScope } from '../../shared/http/access.ts';
import type { Endpoint } from '../../shared/http/api.ts';
import {
  parseIntegrationConfig,
  parseIntegrationUpdate,
  parseNewIntegration,
} from '../../shared/http/schemas/sync/integration.ts';
import { bySearch } from '../../shared/http/search.ts';
import {
  searchableIntegration,
  serializeIntegration,
} from '../../shared/http/serializers/sync/integration.ts';
import {
  changeIntegration,
  createIntegration,
  findIntegration,
  listIntegrations,
  removeIntegration,
} from '../../shared/operations/sync/integrations.ts';
import type { IntegrationsDeps } from './deps.ts';

/** The trackers of an organization. */
export function listOrganizationIntegrations(deps: IntegrationsDeps): Endpoint {
  return async ({ caller, params, query, baseUrl }) => {
    const { id } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'org:read');
    const integrations = (await listIntegrations(deps, id)).filter(
      bySearch(query.get('query'), searchableIntegration),
    );
    return { status: 200, body: integrations.map((one) => serializeIntegration(one, baseUrl)) };
  };
}

/** One tracker. */
export function getIntegration(deps: IntegrationsDeps): Endpoint {
  return async ({ caller, params, baseUrl }) => {
    const { id } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'org:read');
    const integration = await findIntegration(deps, id, params.integration ?? '');
    return { status: 200, body: serializeIntegration(integration, baseUrl) };
  };
}

/** A new tracker; its secret is put where the answer says, by whoever may. */
export function addIntegration(deps: IntegrationsDeps): Endpoint {
  return async ({ caller, params, body, baseUrl }) => {
    const { id: organizationId } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'org:write');
    const fields = parseNewIntegration(body);
    const integration = await createIntegration(deps, { ...fields, organizationId });
    return { status: 201, body: serializeIntegration(integration, baseUrl) };
  };
}

/** The name, the switches and the policies of a tracker. */
export function updateIntegration(deps: IntegrationsDeps): Endpoint {
  return change(deps, parseIntegrationUpdate);
}

/** Its switches and policies alone, as Sentry's clients send them. */
export function configureIntegration(deps: IntegrationsDeps): Endpoint {
  return change(deps, (body) => ({ config: parseIntegrationConfig(body) }));
}

/** A tracker goes, and its links with it. */
export function deleteIntegration(deps: IntegrationsDeps): Endpoint {
  return async ({ caller, params, requestId }) => {
    const { id: organizationId } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'org:admin');
    await removeIntegration(deps, {
      organizationId,
      integrationId: params.integration ?? '',
      initiator: { actingUserId: caller.userId, requestId },
    });
    return { status: 204 };
  };
}

function change(deps: IntegrationsDeps, parse: typeof parseIntegrationUpdate): Endpoint {
  return async ({ caller, params, body, baseUrl }) => {
    const { id: organizationId } = organizationOf(caller, params.org ?? '');
    requireScope(caller, 'org:write');
    const integrationId = params.integration ?? '';
    const fields = parse(body);
    const integration = await changeIntegration(deps, { ...fields, organizationId, integrationId });
    return { status: 200, body: serializeIntegration(integration, baseUrl) };
  };
}
