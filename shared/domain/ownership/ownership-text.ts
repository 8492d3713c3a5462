import { isLongerThan } from '../code-points.ts';
import { invalidFields } from '../errors.ts';
import { parseErrorMessage, parseRules } from './grammar.ts';
import { ownersInOrder, type Rule, type RuleOwner } from './rule.ts';

/** The longest ownership text, in characters. */
export const MAXIMUM_OWNERSHIP_CHARACTERS = 100_000;

/** The longest CODEOWNERS file, in bytes of UTF-8. */
export const MAXIMUM_CODEOWNERS_BYTES = 750_000;

/**
 * What a project knows of an owner that a rule names: it may own there, it may not, or the name is
 * nobody's.
 */
export type OwnerAccess = 'hasAccess' | 'withoutAccess' | 'unknown';

/**
 * Reads an ownership text that someone wants to save: the text to keep, null where it is nothing
 * but white space, and its rules. Throws `request.invalid` on `raw` for a text that is too long,
 * that does not parse, or that has CODEOWNERS lines, which only an import may bring.
 */
export function readOwnershipText(raw: string | null): {
  readonly raw: string | null;
  readonly rules: readonly Rule[];
} {
  if (raw === null || raw.trim() === '') {
    return { raw: null, rules: [] };
  }
  requireTextLength(raw);
  const parsed = parseRules(raw);
  if (!parsed.ok) {
    throw invalidRaw(parseErrorMessage(parsed.error));
  }
  if (parsed.rules.some((rule) => rule.matcher.type === 'codeowners')) {
    throw invalidRaw('Codeowner type paths can only be added by importing CODEOWNER files');
  }
  return { raw, rules: parsed.rules };
}

/** Throws `request.invalid` on `raw` for an ownership text that is too long. */
export function requireTextLength(raw: string): void {
  if (isLongerThan(raw, MAXIMUM_OWNERSHIP_CHARACTERS)) {
    throw invalidRaw(`Raw needs to be <= ${MAXIMUM_OWNERSHIP_CHARACTERS} characters in length`);
  }
}

/** Throws `request.invalid` on `raw` for a CODEOWNERS file that is too large. */
export function requireCodeownersSize(raw: string): void {
  if (Buffer.byteLength(raw) > MAXIMUM_CODEOWNERS_BYTES) {
    throw invalidRaw(`Raw needs to be <= ${MAXIMUM_CODEOWNERS_BYTES} bytes in length`);
  }
}

/**
 * Throws `request.invalid` on `raw` when rules name owners who may not own in the project: one
 * sentence for each, in the order of the text.
 */
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
 * Throws `request.invalid` on `raw` when, in an organization with closed membership, rules name a
 * team that the caller may not name: callers need the scope `team:admin`, or to belong to the team.
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
