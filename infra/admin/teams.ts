import { isWellFormedSlug } from '../../shared/domain/slug.ts';
import { readTeams } from '../../shared/operations/directory/read-directory.ts';
import { saveTeam } from '../../shared/operations/directory/save-team.ts';
import { COMMON_USAGE, commandOf, readArguments, report, required, tableOf } from './command.ts';
import { findOrganization, openDirectory } from './directory.ts';

export const teams = commandOf('teams', { make, list }, [
  [
    `teams make --organization ORG --name NAME [--slug SLUG] ${COMMON_USAGE}`,
    'makes a team without members',
  ],
  [`teams list --organization ORG ${COMMON_USAGE}`, 'the teams of an organization'],
]);

async function make(args: readonly string[]): Promise<boolean> {
  const { values } = readArguments(args, {
    organization: { type: 'string' },
    name: { type: 'string' },
    slug: { type: 'string' },
  });
  const reference = required(values.organization, 'Name an organization with --organization.');
  const name = required(values.name, 'Give the team a name with --name.');
  if (values.slug !== undefined && !isWellFormedSlug(values.slug)) {
    throw new Error(`${values.slug} is no slug: use lowercase letters, digits, - and _.`);
  }
  const directory = await openDirectory(values);
  const organization = await findOrganization(directory, reference);
  // The counters of ids are in the cache of the stage, which cannot be reached from here. So the id
  // is random, and another one is tried if it is in use.
  const sequence = { mint: async () => [directory.newId()] };
  const { team } = await saveTeam(
    { ...directory, sequence },
    { organizationId: organization.id, name, slug: values.slug ?? null, actingUserId: null },
  );
  return report(values, {
    lines: [
      `Made the team ${team.slug} (${team.id}) of ${organization.slug} in ${directory.stack.name}.`,
    ],
    value: { id: team.id, slug: team.slug, name, organization: organization.slug },
  });
}

async function list(args: readonly string[]): Promise<boolean> {
  const { values } = readArguments(args, { organization: { type: 'string' } });
  const reference = required(values.organization, 'Name an organization with --organization.');
  const directory = await openDirectory(values);
  const organization = await findOrganization(directory, reference);
  const found = (await readTeams(directory, organization.id)).map(({ id, slug, name }) => ({
    id,
    slug,
    name,
  }));
  return report(values, {
    lines: tableOf(
      ['slug', 'id', 'name'],
      found.map(({ id, slug, name }) => [slug, id, name]),
    ),
    value: found,
  });
}
