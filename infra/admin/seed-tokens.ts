import { newTokenText } from '../../shared/domain/directory/token-text.ts';
import { hashToken, type TokenStore } from '../../shared/stores/directory/tokens.ts';
import type { World } from '../world/schema.ts';

type WorldToken = World['tokens'][number];

/** A token that was generated for one of a world; its text is shown only this once. */
export type MintedToken = { readonly entry: WorldToken; readonly token: string };

/**
 * Generates new texts for the tokens of a world, except those for which an earlier run has done so:
 * their texts were shown then. The name of the new token refers to that of the world.
 */
export async function mintTokens(
  world: World,
  deps: {
    readonly tokens: Pick<TokenStore, 'list'>;
    readonly organizationId: (reference: string) => string;
    readonly randomInt: (exclusiveMax: number) => number;
  },
): Promise<{ readonly world: World; readonly minted: readonly MintedToken[] }> {
  const minted: MintedToken[] = [];
  const names = new Map<string, ReadonlySet<string>>();
  for (const entry of world.tokens) {
    const name = `seed ${hashToken(entry.token).slice(0, 8)}`;
    const [reference] = entry.organizations;
    const id = reference === undefined ? undefined : deps.organizationId(reference);
    if (id === undefined || (await namesOf(id)).has(name)) {
      continue;
    }
    const token = newTokenText(deps.randomInt);
    minted.push({ entry: { ...entry, token, name }, token });
  }
  return { world: { ...world, tokens: minted.map(({ entry }) => entry) }, minted };

  async function namesOf(organizationId: string): Promise<ReadonlySet<string>> {
    const known =
      names.get(organizationId) ??
      new Set((await deps.tokens.list({ organizationId })).map(({ name }) => name));
    names.set(organizationId, known);
    return known;
  }
}
