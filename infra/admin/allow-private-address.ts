import { parseArgs } from 'node:util';
import { exists } from '../../shared/stores/conditions.ts';
import { integrationKeys } from '../../shared/stores/keys.ts';
import { createTable } from '../../shared/stores/table.ts';
import { createTransact } from '../../shared/stores/transaction.ts';
import { updateRow } from '../../shared/stores/updates.ts';
import { CONNECTION_OPTIONS, connect } from './connect.ts';

export const ALLOW_PRIVATE_ADDRESS_USAGE =
  'allow-private-address --integration ID --on|--off [--stage NAME | --url URL]';

/**
 * `allow-private-address`: allows the tracker of an integration to have an address in a private
 * network, or forbids it. The API cannot do this: an organization that adds an integration could
 * otherwise make Baton call addresses that only Baton can reach.
 *
 * @throws Error about an invalid argument or an unknown integration
 */
export async function allowPrivateAddress(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      integration: { type: 'string' },
      on: { type: 'boolean', default: false },
      off: { type: 'boolean', default: false },
      ...CONNECTION_OPTIONS,
    },
  });
  const { integration: id, on, off } = values;
  if (!id) {
    throw new Error('Name an integration with --integration.');
  }
  if (on === off) {
    throw new Error('Give one of --on and --off.');
  }
  const stack = await connect(values, ['table']);
  const transact = createTransact(createTable({ client: stack.dynamodb, name: stack.table }));
  const { committed } = await transact([
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
    throw new Error(`There is no integration "${id}" in ${stack.name}.`);
  }
  console.log(
    `The tracker of the integration ${id} in ${stack.name} ${on ? 'may' : 'may no longer'} have a private address.`,
  );
  return true;
}
