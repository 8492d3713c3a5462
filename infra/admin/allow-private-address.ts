import { parseArgs } from 'node:util';
import { PRIVATE_ADDRESS_OPTION } from '../../shared/operations/webhooks/endpoints.ts';
import { exists } from '../../shared/stores/conditions.ts';
import { createOrganizationStore } from '../../shared/stores/directory/organizations.ts';
import { directoryKeys } from '../../shared/stores/keys/directory-keys.ts';
import { integrationKeys } from '../../shared/stores/keys/integration-keys.ts';
import { createTable, type Table } from '../../shared/stores/table.ts';
import { createTransact } from '../../shared/stores/transaction.ts';
import { updateRow } from '../../shared/stores/updates.ts';
import { CONNECTION_OPTIONS, connect } from './connect.ts';

export const ALLOW_PRIVATE_ADDRESS_USAGE =
  'allow-private-address --integration ID | --webhooks-of ORGANIZATION --on|--off [--stage NAME | --url URL]';

/**
 * `allow-private-address`: allows the tracker of an integration, or the webhooks of an
 * organization, to have an address in a private network, or forbids it. The API cannot do this: an
 * organization that adds one could otherwise make Baton call addresses that only Baton can reach.
 *
 * @throws Error about an invalid argument, an unknown integration or organization
 */
export async function allowPrivateAddress(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      integration: { type: 'string' },
      'webhooks-of': { type: 'string' },
      on: { type: 'boolean', default: false },
      off: { type: 'boolean', default: false },
      ...CONNECTION_OPTIONS,
    },
  });
  const { integration, 'webhooks-of': organization, on, off } = values;
  if (Boolean(integration) === Boolean(organization)) {
    throw new Error(
      'Name an integration with --integration, or an organization with --webhooks-of.',
    );
  }
  if (on === off) {
    throw new Error('Give one of --on and --off.');
  }
  const stack = await connect(values, ['table']);
  const table = createTable({ client: stack.dynamodb, name: stack.table });
  const said = organization
    ? await allowWebhooks(table, { slug: organization, on, where: stack.name })
    : await allowTracker(table, { id: integration ?? '', on, where: stack.name });
  console.log(`${said} ${on ? 'may' : 'may no longer'} have a private address.`);
  return true;
}

type Allowed = { readonly on: boolean; readonly where: string };

async function allowTracker(
  table: Table,
  { id, on, where }: Allowed & { readonly id: string },
): Promise<string> {
  const { committed } = await createTransact(table)([
    {
      name: 'integration',
      update: updateRow(
        integrationKeys.integration(id),
        { set: { allowPrivateAddress: on } },
        exists,
      ),
    },
  ]);
  if (!committed) {
    throw new Error(`There is no integration "${id}" in ${where}.`);
  }
  return `The tracker of the integration ${id} in ${where}`;
}

async function allowWebhooks(
  table: Table,
  { slug, on, where }: Allowed & { readonly slug: string },
): Promise<string> {
  const organizations = createOrganizationStore(table);
  const id = await organizations.idOfSlug(slug);
  const organization = id === undefined ? undefined : await organizations.byId(id);
  if (organization === undefined) {
    throw new Error(`There is no organization "${slug}" in ${where}.`);
  }
  const { [PRIVATE_ADDRESS_OPTION]: _, ...others } = organization.options;
  const options = on ? { ...others, [PRIVATE_ADDRESS_OPTION]: true } : others;
  const key = directoryKeys.organization(organization.id);
  const { committed } = await createTransact(table)([
    { name: 'organization', update: updateRow(key, { set: { options } }, exists) },
  ]);
  if (!committed) {
    throw new Error(`The organization ${slug} in ${where} is being changed: try again.`);
  }
  return `The webhooks of the organization ${slug} in ${where}`;
}
