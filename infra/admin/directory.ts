import type { Organization, User } from '../../shared/domain/directory.ts';
import { findTeams } from '../../shared/operations/lookup/find-team.ts';
import { createTable } from '../../shared/stores/table.ts';
import { wireClockAndIds, wireStores } from '../../shared/wiring.ts';
import { connectTo } from './command.ts';

/** The stores and the stack for the commands about people and organizations. */
export async function openDirectory(values: {
  readonly stage?: string | undefined;
  readonly url?: string | undefined;
}) {
  const stack = await connectTo(values, ['table']);
  const table = createTable({ client: stack.dynamodb, name: stack.table });
  return { ...wireStores(table), ...wireClockAndIds(), stack };
}

export type Directory = Awaited<ReturnType<typeof openDirectory>>;

const DIGITS = /^[0-9]+$/;

/**
 * The organization with a slug or an id.
 *
 * @throws Error when there is none
 */
export async function findOrganization(
  { organizations, stack }: Directory,
  slugOrId: string,
): Promise<Organization> {
  const id = DIGITS.test(slugOrId) ? slugOrId : await organizations.idOfSlug(slugOrId);
  const organization = id === undefined ? undefined : await organizations.byId(id);
  if (organization === undefined) {
    throw new Error(`There is no organization "${slugOrId}" in ${stack.name}.`);
  }
  return organization;
}

/**
 * The user with an id, a user name or an e-mail address.
 *
 * @throws Error when there is none
 */
export async function findUser({ users, stack }: Directory, reference: string): Promise<User> {
  const ids = DIGITS.test(reference)
    ? [reference]
    : await users.idsOfLogin(reference.toLowerCase());
  const found = await users.byIds(ids);
  const [id] = ids;
  const user = id === undefined ? undefined : found.get(id);
  if (user === undefined) {
    throw new Error(`There is no user "${reference}" in ${stack.name}.`);
  }
  return user;
}

/**
 * The ids of teams of an organization, given by slug or id.
 *
 * @throws Error that names the unknown ones
 */
export async function findTeamIds(
  directory: Directory,
  organization: Organization,
  references: readonly string[],
): Promise<string[]> {
  const found = await findTeams(directory, organization.id, references);
  const missing = references.filter((_, index) => found[index] === undefined);
  if (missing.length > 0) {
    throw new Error(`The organization ${organization.slug} has no team ${missing.join(', ')}.`);
  }
  return found.flatMap((team) => team?.id ?? []);
}
