import type { ApiReply, Endpoint, RequestOf } from '../../shared/http/api.ts';
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

/** Lists the integrations of an organization. */
export const listOrganizationIntegrations: Endpoint<'listIntegrations', IntegrationsDeps> = async (
  deps,
  { organization, query, baseUrl },
) => {
  const integrations = (await listIntegrations(deps, organization.id)).filter(
    bySearch(query.get('query'), searchableIntegration),
  );
  return { status: 200, body: integrations.map((one) => serializeIntegration(one, baseUrl)) };
};

/** Shows one integration. */
export const getIntegration: Endpoint<'getIntegration', IntegrationsDeps> = async (
  deps,
  { organization, params, baseUrl },
) => {
  const integration = await findIntegration(deps, organization.id, params.integration);
  return { status: 200, body: serializeIntegration(integration, baseUrl) };
};

/** Creates an integration. An operator then stores its secret under the answer's `secretRef`. */
export const addIntegration: Endpoint<'createIntegration', IntegrationsDeps> = async (
  deps,
  { organization, body, baseUrl },
) => {
  const fields = parseNewIntegration(body);
  const integration = await createIntegration(deps, { ...fields, organizationId: organization.id });
  return { status: 201, body: serializeIntegration(integration, baseUrl) };
};

/** Changes the name, the switches and the policies of an integration. */
export const updateIntegration: Endpoint<'updateIntegration', IntegrationsDeps> = async (
  deps,
  request,
) => change(deps, request, parseIntegrationUpdate(request.body));

/** Changes its switches and policies alone, in the form that Sentry's clients send. */
export const configureIntegration: Endpoint<'configureIntegration', IntegrationsDeps> = async (
  deps,
  request,
) => change(deps, request, { config: parseIntegrationConfig(request.body) });

/** Deletes an integration and its links. */
export const deleteIntegration: Endpoint<'deleteIntegration', IntegrationsDeps> = async (
  deps,
  { organization, params, initiator },
) => {
  const integrationId = params.integration;
  await removeIntegration(deps, { organizationId: organization.id, integrationId, initiator });
  return { status: 204 };
};

async function change(
  deps: IntegrationsDeps,
  { organization, params, baseUrl }: RequestOf<'updateIntegration' | 'configureIntegration'>,
  fields: ReturnType<typeof parseIntegrationUpdate>,
): Promise<ApiReply> {
  const integration = await changeIntegration(deps, {
    ...fields,
    organizationId: organization.id,
    integrationId: params.integration,
  });
  return { status: 200, body: serializeIntegration(integration, baseUrl) };
}
