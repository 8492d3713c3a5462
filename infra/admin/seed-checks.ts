import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isTokenText } from '../../shared/domain/directory/token-text.ts';
import { PRIVATE_ADDRESS_OPTION } from '../../shared/operations/webhooks/endpoints.ts';
import { baseUrlProblem } from '../../shared/trackers/address-guard.ts';
import type { World } from '../world/schema.ts';

const PUBLISHED_WORLDS = fileURLToPath(new URL('../world/worlds/', import.meta.url));

/** The prefix of tokens of local stacks, in worlds and in documents. */
const PUBLISHED_PREFIX = 'baton_local_';

/** Public values: tokens and secrets in the worlds of this repository. */
export type Published = {
  readonly tokens: ReadonlySet<string>;
  readonly secrets: ReadonlySet<string>;
};

/** Reads the values that the worlds of this repository publish. */
export async function readPublished(folder: string = PUBLISHED_WORLDS): Promise<Published> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  const worlds = await Promise.all(
    files.map(
      async (file) => JSON.parse(await readFile(`${folder}/${file}`, 'utf8')) as Partial<World>,
    ),
  );
  return {
    tokens: new Set(worlds.flatMap(({ tokens = [] }) => tokens.map(({ token }) => token))),
    secrets: new Set(worlds.flatMap(({ secrets = {} }) => Object.values(secrets).map(textOf))),
  };
}

/**
 * The problems of a world for a deployed stage: private addresses, public secrets, and, if its
 * tokens are used as they are, tokens that are public or can be guessed.
 */
export function stageProblems(
  world: World,
  { published, keepsTokens }: { readonly published: Published; readonly keepsTokens: boolean },
): string[] {
  return [
    ...world.integrations.flatMap(({ id, baseUrl, allowPrivateAddress }) => {
      const where = `the integration ${id}`;
      if (allowPrivateAddress === true) {
        return [
          `${where} may have a private address: leave that out, ` +
            'and allow it with npm run admin -- allow-private-address',
        ];
      }
      const problem = baseUrlProblem(baseUrl, { allowPrivateAddress: false });
      return problem === null ? [] : [`${where}: ${problem}`];
    }),
    ...world.organizations.flatMap(({ slug, options }) =>
      options?.[PRIVATE_ADDRESS_OPTION] === true
        ? [
            `the webhooks of ${slug} may have private addresses: leave that out, ` +
              'and allow it with npm run admin -- allow-private-address',
          ]
        : [],
    ),
    ...Object.entries(world.secrets).flatMap(([reference, secret]) =>
      published.secrets.has(textOf(secret))
        ? [`the secret ${reference} is in a world that everybody can read`]
        : [],
    ),
    ...(keepsTokens
      ? world.tokens.flatMap(({ token }, index) => {
          const problem = tokenProblem(token, published);
          return problem === null ? [] : [`tokens[${index}] ${problem}`];
        })
      : []),
  ];
}

/** The problem of a token for a deployed stage; null for one that Baton has generated. */
function tokenProblem(token: string, published: Published): string | null {
  if (token.startsWith(PUBLISHED_PREFIX) || published.tokens.has(token)) {
    return 'is in a world that everybody can read';
  }
  return isTokenText(token)
    ? null
    : 'can be guessed, or is not known to scanners for leaked secrets: ' +
        'use one of npm run admin -- tokens make';
}

/** The content of a secret as text, whatever the order of its keys. */
function textOf(secret: object): string {
  return JSON.stringify(Object.entries(secret).sort(([one], [other]) => (one < other ? -1 : 1)));
}
