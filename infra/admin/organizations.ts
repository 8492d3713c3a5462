import { makeOrganization } from '../../shared/operations/directory/register.ts';
import { features } from '../world/entries.ts';
import { COMMON_USAGE, commandOf, readArguments, report, required, tableOf } from './command.ts';
import { openDirectory } from './directory.ts';

export const organizations = commandOf('organizations', { make, list }, [
  [
    'organizations make --name NAME [--slug SLUG] [--open-membership] [--feature NAME ...] ' +
      COMMON_USAGE,
    'makes an organization, which has no members yet',
  ],
  [`organizations list ${COMMON_USAGE}`, 'all organizations, by slug'],
]);

async function make(args: readonly string[]): Promise<boolean> {
  const { values } = readArguments(args, {
    name: { type: 'string' },
    slug: { type: 'string' },
    'open-membership': { type: 'boolean', default: false },
    feature: { type: 'string', multiple: true },
  });
  const name = required(values.name, 'Give the organization a name with --name.');
  const wanted = values.feature ?? [];
  const unknown = wanted.filter((feature) => !(features as readonly string[]).includes(feature));
  if (unknown.length > 0) {
    throw new Error(
      `There is no feature ${unknown.join(', ')}; the features are ${features.join(', ')}.`,
    );
  }
  const directory = await openDirectory(values);
  const { id, slug } = await makeOrganization(directory, {
    name,
    slug: values.slug ?? null,
    openMembership: values['open-membership'],
    features: wanted,
  });
  return report(values, {
    lines: [`Made the organization ${slug} (${id}) in ${directory.stack.name}.`],
    value: { id, slug, name },
  });
}

async function list(args: readonly string[]): Promise<boolean> {
  const { values } = readArguments(args, {});
  const directory = await openDirectory(values);
  const found = [];
  for await (const page of directory.organizations.pages()) {
    found.push(...page.map(({ id, slug, name, dateCreated }) => ({ id, slug, name, dateCreated })));
  }
  return report(values, {
    lines: tableOf(
      ['slug', 'id', 'name', 'created'],
      found.map(({ id, slug, name, dateCreated }) => [slug, id, name, dateCreated]),
    ),
    value: found,
  });
}
