import { expiryAt, isExpired } from '../../shared/domain/directory/token-expiry.ts';
import { lastCharactersOf, newTokenText } from '../../shared/domain/directory/token-text.ts';
import {
  revokeToken,
  rotateToken,
  type TokenReference,
} from '../../shared/operations/directory/change-token.ts';
import { makeToken } from '../../shared/operations/directory/make-token.ts';
import {
  hashToken,
  type StoredToken,
  type TokenOwner,
} from '../../shared/stores/directory/tokens.ts';
import { scopes } from '../world/entries.ts';
import { COMMON_USAGE, commandOf, readArguments, report, required, tableOf } from './command.ts';
import { type Directory, findOrganization, findUser, openDirectory } from './directory.ts';
import { readInput } from './input.ts';
import { parseDuration, parseEnd } from './time.ts';

const OWNER_USAGE = '(--organization ORG | --user USER)';

export const tokens = commandOf('tokens', { make, list, revoke, rotate }, [
  [
    'tokens make --organization ORG ... --scope SCOPE ... [--user USER] [--name TEXT] ' +
      `[--expires 90d|DATE] ${COMMON_USAGE}`,
    'makes a token for organizations, with or without a user, and shows it only this once',
  ],
  [`tokens list ${OWNER_USAGE} ${COMMON_USAGE}`, 'the tokens of an organization, or of a user'],
  [
    `tokens revoke [ID ${OWNER_USAGE}] ${COMMON_USAGE}`,
    'ends a token; without an id the one whose text comes on standard input',
  ],
  [
    `tokens rotate ID ${OWNER_USAGE} [--overlap 1h] [--expires 90d|DATE] ${COMMON_USAGE}`,
    'replaces a token, which stays valid for the overlap, and shows the new one only this once',
  ],
]);

async function make(args: readonly string[]): Promise<boolean> {
  const { values } = readArguments(args, {
    organization: { type: 'string', multiple: true },
    scope: { type: 'string', multiple: true },
    user: { type: 'string' },
    name: { type: 'string' },
    expires: { type: 'string' },
  });
  const references = required(values.organization, 'Name an organization with --organization.');
  const wanted = scopesOf(required(values.scope, 'Say with --scope what the token may do.'));
  const dateExpires = values.expires === undefined ? null : expiryOf(values.expires);
  const directory = await openDirectory(values);
  const organizations = await Promise.all(
    references.map((reference) => findOrganization(directory, reference)),
  );
  const user = values.user === undefined ? null : await findUser(directory, values.user);
  const secret = newTokenText(directory.randomInt);
  await makeToken(directory, {
    secret,
    userId: user?.id ?? null,
    organizationIds: [...new Set(organizations.map(({ id }) => id))],
    scopes: wanted,
    name: values.name ?? '',
    dateExpires,
  });
  const id = idOf(secret);
  const slugs = organizations.map(({ slug }) => slug).join(', ');
  return report(values, {
    lines: [
      `Made the token ${id} of ${slugs} in ${directory.stack.name} for ${user?.username ?? 'nobody'}, ` +
        `which ${endOf(dateExpires)}. It is shown this once:`,
      secret,
    ],
    value: { id, token: secret, lastCharacters: lastCharactersOf(secret), dateExpires },
  });
}

async function list(args: readonly string[]): Promise<boolean> {
  const { values } = readArguments(args, OWNER_OPTIONS);
  requireOneOwner(values);
  const directory = await openDirectory(values);
  const found = await directory.tokens.list(await ownerOf(directory, values));
  const people = await directory.users.byIds(found.flatMap(({ userId }) => userId ?? []));
  const nowMs = Date.now();
  const shown = found.map((token) => ({
    id: token.id,
    name: token.name,
    lastCharacters: token.lastCharacters,
    user: token.userId === null ? null : (people.get(token.userId)?.username ?? token.userId),
    organizations: token.organizations.map(({ slug }) => slug),
    scopes: token.scopes,
    expires: token.dateExpires,
    isExpired: isExpired(token, nowMs),
    created: token.dateCreated,
  }));
  return report(values, {
    lines: tableOf(
      ['id', 'token', 'user', 'organizations', 'expires', 'created', 'scopes', 'name'],
      shown.map((one) => [
        one.id,
        `...${one.lastCharacters}`,
        one.user ?? '-',
        one.organizations.join(','),
        one.isExpired ? 'expired' : (one.expires ?? 'never'),
        one.created,
        one.scopes.join(','),
        one.name,
      ]),
    ),
    value: shown,
  });
}

async function revoke(args: readonly string[]): Promise<boolean> {
  const { values, word: id } = readArguments(args, OWNER_OPTIONS);
  let secret: string | undefined;
  if (id === undefined) {
    secret = (await readInput('Type the token, then Ctrl-D: ')).trim();
    required(secret, 'Give the id of a token, or its text on standard input.');
  } else {
    requireOneOwner(values);
  }
  const directory = await openDirectory(values);
  const reference = await referenceOf(directory, values, { id, secret });
  const token = await revokeToken(directory, reference).catch((error) =>
    explainMissing(error, directory, id ?? 'of this text'),
  );
  return report(values, {
    lines: [
      `Revoked the token ${token.id} (...${token.lastCharacters}) in ${directory.stack.name}: ` +
        'it is refused after at most a minute.',
    ],
    value: { id: token.id },
  });
}

async function rotate(args: readonly string[]): Promise<boolean> {
  const { values, word } = readArguments(args, {
    ...OWNER_OPTIONS,
    overlap: { type: 'string' },
    expires: { type: 'string' },
  });
  const id = required(word, 'Give the id of a token: tokens list shows it.');
  requireOneOwner(values);
  const overlapMs = parseDuration('--overlap', values.overlap ?? '0');
  const dateExpires = values.expires === undefined ? undefined : expiryOf(values.expires);
  const directory = await openDirectory(values);
  const secret = newTokenText(directory.randomInt);
  const { oldEndsAt, token } = await rotateToken(directory, {
    reference: await referenceOf(directory, values, { id }),
    secret,
    overlapMs,
    dateExpires,
  }).catch((error) => explainMissing(error, directory, id));
  const end = oldEndsAt === null ? 'has ended' : `ends at ${oldEndsAt}`;
  return report(values, {
    lines: [
      `Made the token ${idOf(secret)} in ${directory.stack.name} to replace ${id}, which ${end}; ` +
        `the new one ${endOf(token.dateExpires)}. It is shown this once:`,
      secret,
    ],
    value: {
      id: idOf(secret),
      token: secret,
      lastCharacters: lastCharactersOf(secret),
      dateExpires: token.dateExpires,
      replaced: { id, endsAt: oldEndsAt },
    },
  });
}

const OWNER_OPTIONS = { organization: { type: 'string' }, user: { type: 'string' } } as const;

type OwnerValues = {
  readonly organization?: string | undefined;
  readonly user?: string | undefined;
};

function requireOneOwner({ organization, user }: OwnerValues): void {
  if ((organization === undefined) === (user === undefined)) {
    throw new Error('Give the owner of the token with --organization or --user.');
  }
}

async function ownerOf(
  directory: Directory,
  { organization, user = '' }: OwnerValues,
): Promise<TokenOwner> {
  return organization === undefined
    ? { userId: (await findUser(directory, user)).id }
    : { organizationId: (await findOrganization(directory, organization)).id };
}

async function referenceOf(
  directory: Directory,
  values: OwnerValues,
  { id = '', secret }: { readonly id?: string | undefined; readonly secret?: string | undefined },
): Promise<TokenReference> {
  return secret === undefined ? { owner: await ownerOf(directory, values), id } : { secret };
}

/** Replaces the error of the API for a missing resource by one about the token. */
function explainMissing(error: unknown, { stack }: Directory, which: string): never {
  if ((error as { code?: unknown }).code === 'resource.not_found') {
    throw new Error(`There is no token ${which} in ${stack.name}.`);
  }
  throw error;
}

function scopesOf(wanted: readonly string[]): string[] {
  const unknown = wanted.filter((scope) => !scopes.includes(scope));
  if (unknown.length > 0) {
    throw new Error(
      `There is no scope ${unknown.join(', ')}; the scopes are ${scopes.join(', ')}.`,
    );
  }
  return [...new Set(wanted)];
}

function expiryOf(text: string): string {
  return expiryAt(parseEnd('--expires', text, Date.now()));
}

function endOf(dateExpires: StoredToken['dateExpires']): string {
  return dateExpires === null ? 'does not expire' : `expires at ${dateExpires}`;
}

function idOf(secret: string): string {
  return hashToken(secret).slice(0, 16);
}
