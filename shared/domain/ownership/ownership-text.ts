import { isLongerThan } from '../code-points.ts';
import { invalidFields } from '../errors.ts';
import { parseErrorMessage, parseRules } from './grammar.ts';
import { ownersInOrder, type Rule, type RuleOwner } from './rule.ts';

/** The longest ownership text, in characters. */
export const MAXIMUM_OWNERSHIP_CHARACTERS = 100_000;

/** The longest CODEOWNERS file, in bytes of UTF-8. */
export const MAXIMUM_CODEOWNERS_BYTES = 750_000;

/** Whether an owner named in a rule has access to the project; `unknown` for a name of nobody. */
export type OwnerAccess = 'hasAccess' | 'withoutAccess' | 'unknown';

/**
 * Parses an ownership text that is to be saved: `raw` to store, null for white space only, and its
 * rules.
 */
export function readOwnershipText(raw: string | null): {
  readonly raw: string | null;
  readonly rules: readonly Rule[];
} {
  if (raw === null || raw.trim() === '') {
    return { raw: null, rules: [] };
  }
  if (isLongerThan(raw, MAXIMUM_OWNERSHIP_CHARACTERS)) {
    throw invalidRaw(`Raw needs to be <= ${MAXIMUM_OWNERSHIP_CHARACTERS} characters in length`);
  }
  const parsed = parseRules(raw);
  if (!parsed.ok) {
    throw invalidRaw(parseErrorMessage(parsed.error));
  }
  if (parsed.rules.some((rule) => rule.matcher.type === 'codeowners')) {
    throw invalidRaw('Codeowner type paths can only be added by importing CODEOWNER files');
  }
  return { raw, rules: parsed.rules };
}

/** Requires a CODEOWNERS file of at most 750,000 bytes. */
export function requireCodeownersSize(raw: string): void {
  if (Buffer.byteLength(raw) > MAXIMUM_CODEOWNERS_BYTES) {
    throw invalidRaw(`Raw needs to be <= ${MAXIMUM_CODEOWNERS_BYTES} bytes in length`);
  }
}

/** Requires that all owners in the rules have access to the project. */
export function requireOwnersWithAccess(
  rules: readonly Rule[],
  projectSlug: string,
  accessOf: (owner: RuleOwner) => OwnerAccess,
): void {
  const sentences = ownersInOrder(rules).flatMap((owner) => {
    const access = accessOf(owner);
    return access === 'hasAccess' ? [] : [badOwnerSentence(owner, access, projectSlug)];
  });
  if (sentences.length > 0) {
    throw invalidFields({ raw: sentences });
  }
}

/**
 * Requires that the caller may name the teams in the rules. In an organization with closed
 * membership, callers need the scope `team:admin`, or must belong to each team.
 */
export function requirePermittedTeams(
  rules: readonly Rule[],
  caller: {
    readonly openMembership: boolean;
    readonly isTeamAdmin: boolean;
    readonly belongsTo: (teamSlug: string) => boolean;
  },
): void {
  if (caller.openMembership || caller.isTeamAdmin) {
    return;
  }
  const isForeign = (owner: RuleOwner) =>
    owner.type === 'team' && !caller.belongsTo(owner.identifier);
  if (ownersInOrder(rules).some(isForeign)) {
    throw invalidRaw('You do not have permission to assign ownership to one or more teams.');
  }
}

function badOwnerSentence(
  { type, identifier }: RuleOwner,
  access: Exclude<OwnerAccess, 'hasAccess'>,
  projectSlug: string,
): string {
  if (type === 'team') {
    return `Team #${identifier} does not have access to project '${projectSlug}'.`;
  }
  return access === 'unknown'
    ? `User ${identifier} is not a member of this organization.`
    : `User ${identifier} does not have access to project '${projectSlug}'.`;
}

function invalidRaw(message: string) {
  return invalidFields({ raw: [message] });
}
