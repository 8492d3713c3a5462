import { readMembers } from '../../shared/operations/directory/read-directory.ts';
import { makeUser } from '../../shared/operations/directory/register.ts';
import { setAccountActive } from '../../shared/operations/directory/set-account-active.ts';
import { COMMON_USAGE, commandOf, readArguments, report, required, tableOf } from './command.ts';
import { findOrganization, findUser, openDirectory } from './directory.ts';

export const users = commandOf(
  'users',
  {
    make,
    list,
    activate: (args) => setActive(args, true),
    deactivate: (args) => setActive(args, false),
  },
  [
    [
      `users make --username NAME [--name NAME] [--email ADDRESS ...] ${COMMON_USAGE}`,
      'makes a user who is in no organization; all addresses count as verified, ' +
        'the first one is the primary address',
    ],
    [`users list --organization ORG ${COMMON_USAGE}`, 'the members of an organization'],
    [`users deactivate USER ${COMMON_USAGE}`, 'their tokens reach nothing from then on'],
    [
      `users activate USER ${COMMON_USAGE}`,
      'undoes that; USER is an id, a user name or an address',
    ],
  ],
);

async function make(args: readonly string[]): Promise<boolean> {
  const { values } = readArguments(args, {
    username: { type: 'string' },
    name: { type: 'string' },
    email: { type: 'string', multiple: true },
  });
  const username = required(values.username, 'Give the user a name to log in by with --username.');
  const emails = values.email ?? [];
  const wrong = emails.filter((email) => !/^[^\s@]+@[^\s@]+$/.test(email));
  if (wrong.length > 0) {
    throw new Error(`${wrong.join(', ')} is not an e-mail address.`);
  }
  const directory = await openDirectory(values);
  const { id, name } = await makeUser(directory, { username, name: values.name ?? '', emails });
  return report(values, {
    lines: [`Made the user ${username} (${id}) in ${directory.stack.name}.`],
    value: { id, username, name, emails },
  });
}

async function list(args: readonly string[]): Promise<boolean> {
  const { values } = readArguments(args, { organization: { type: 'string' } });
  const reference = required(values.organization, 'Name an organization with --organization.');
  const directory = await openDirectory(values);
  const organization = await findOrganization(directory, reference);
  const found = (await readMembers(directory, organization.id)).map((one) =>
    one.kind === 'member'
      ? {
          id: one.user.id,
          username: one.user.username,
          name: one.user.name,
          role: one.member.role,
          state: one.user.isActive ? 'active' : 'deactivated',
        }
      : {
          id: one.pending.id,
          username: one.pending.email,
          name: '',
          role: one.pending.role,
          state: 'pending',
        },
  );
  return report(values, {
    lines: tableOf(
      ['username', 'id', 'role', 'state', 'name'],
      found.map(({ id, username, name, role, state }) => [username, id, role, state, name]),
    ),
    value: found,
  });
}

async function setActive(args: readonly string[], isActive: boolean): Promise<boolean> {
  const { values, word } = readArguments(args, {});
  const reference = required(word, 'Name a user by id, user name or address.');
  const directory = await openDirectory(values);
  const { id, username } = await findUser(directory, reference);
  await setAccountActive(directory, { userId: id, isActive });
  const state = isActive ? 'active again' : 'deactivated: its tokens reach nothing after a minute';
  return report(values, {
    lines: [`The account of ${username} (${id}) in ${directory.stack.name} is ${state}.`],
    value: { id, username, isActive },
  });
}
