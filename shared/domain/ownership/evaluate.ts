import { type Actor, formatActor } from '../actor.ts';
import type { CompiledRules } from './compile.ts';
import { prepareEvent } from './event.ts';
import { matchRules, type RuleMatch, rulesOfScan, scanRules } from './match.ts';
import { isSpent, type Meter } from './pattern.ts';
import { ownersInOrder, type RuleOwner, ruleText } from './rule.ts';
import type { ResolveOwner } from './schema.ts';

/** The source of a rule: the project's own text, or an imported CODEOWNERS file. */
export type RuleSource = 'ownership_rule' | 'codeowners';

/**
 * An owner of a rule and the actor behind the name; null for a name that is unknown in the project.
 */
export type ResolvedOwner = RuleOwner & { readonly actor: Actor | null };

/**
 * A rule that matches an event. `rank` counts from 1, in the order in which rules suggest owners.
 */
export type MatchedRule = {
  readonly rule: string;
  readonly source: RuleSource;
  readonly frameIndex: number | null;
  readonly excluded: boolean;
  readonly owners: readonly ResolvedOwner[];
  readonly rank: number;
};

/** An owner that a rule suggests for the issue. */
export type SuggestedOwner = {
  readonly type: 'ownershipRule' | 'codeowners';
  readonly actor: Actor;
  readonly rule: string;
};

/** The result of an evaluation: all rules that match, in order, and the winner. */
export type OwnershipEvaluation = {
  readonly rules: readonly MatchedRule[];
  readonly winner: {
    readonly rule: string;
    readonly source: RuleSource;
    readonly actor: Actor;
  } | null;
  readonly owners: readonly SuggestedOwner[];
  /** The comparisons that were made, and whether they reached the limit. */
  readonly steps: number;
  readonly isCutShort: boolean;
};

/**
 * A limit of one to two seconds. Ten thousand ordinary rules and an event of 200 frames take less
 * than a thousandth of it.
 */
export const MAXIMUM_STEPS = 250_000_000;

/** The number of rules that suggest owners for an issue. */
const WINNING_RULES = 2;

type EvaluationInput = {
  readonly rules: CompiledRules;
  readonly codeowners: CompiledRules;
  readonly event: unknown;
  readonly platform?: string | null;
  readonly stepLimit?: number;
};

/** An evaluation after matching, before the owners' names are resolved. */
export type BegunEvaluation = {
  /** The owners that matching rules name: only these have to be looked up. */
  readonly owners: readonly RuleOwner[];
  /** The parts of the event that are present and could not be read. */
  readonly unreadable: readonly string[];
  finish(resolve: ResolveOwner): OwnershipEvaluation;
};

const sources: readonly RuleSource[] = ['ownership_rule', 'codeowners'];

/**
 * Decides who owns an event. Rules that match a frame nearer to the error come first. On one frame
 * the project's own rules come before CODEOWNERS, and later lines before earlier ones. Rules that
 * match a URL or a tag come last. The first two rules with an owner that resolves suggest all of
 * their owners, and the first owner of the first rule wins.
 */
export function evaluateOwnership({
  resolve,
  ...input
}: EvaluationInput & { readonly resolve: ResolveOwner }): OwnershipEvaluation {
  return beginEvaluation(input).finish(resolve);
}

/**
 * The first half of `evaluateOwnership`: it returns the names that the second half needs resolved.
 */
export function beginEvaluation({
  rules,
  codeowners,
  event,
  platform = null,
  stepLimit = MAXIMUM_STEPS,
}: EvaluationInput): BegunEvaluation {
  const meter: Meter = { steps: 0, limit: stepLimit };
  const prepared = prepareEvent(event, platform);
  const scans = sources.map((source) => {
    const compiled = source === 'codeowners' ? codeowners : rules;
    return { source, compiled, scan: scanRules(compiled, prepared, meter) };
  });
  return {
    owners: ownersInOrder(scans.flatMap(({ scan }) => rulesOfScan(scan))),
    unreadable: prepared.unreadable,
    finish(resolve) {
      const matched = scans.flatMap(({ source, compiled, scan }) => {
        const ownersAt = resolveOnce(compiled, resolve);
        const isLive = (position: number) => ownersAt(position).some(({ actor }) => actor !== null);
        return matchRules(scan, isLive)
          .sort(nearestThenLast)
          .map((match) => describe(source, match, ownersAt(match.position)));
      });
      return conclude(matched, meter);
    },
  };
}

function conclude(matched: readonly Omit<MatchedRule, 'rank'>[], meter: Meter) {
  const ranked = [...matched]
    .sort((a, b) => depth(a) - depth(b))
    .map((rule, index): MatchedRule => ({ ...rule, rank: index + 1 }));
  const owners = ranked
    .filter((rule) => !rule.excluded && rule.owners.some(({ actor }) => actor !== null))
    .slice(0, WINNING_RULES)
    .flatMap(suggestedBy);
  return {
    rules: ranked,
    winner: winnerOf(owners),
    owners,
    steps: meter.steps,
    isCutShort: isSpent(meter),
  };
}

/**
 * The user behind the author of a suspect commit, resolved like an owner of a rule. Null without an
 * address, and for an address that is unknown in the project.
 */
export function suspectCommitOwner(commit: unknown, resolve: ResolveOwner): Actor | null {
  const author = commitAuthor(commit);
  return author === null ? null : resolve(author);
}

/** The author of a commit, as an owner of a rule; null without an address. */
export function commitAuthor(commit: unknown): RuleOwner | null {
  const email = (commit as { authorEmail?: unknown } | null | undefined)?.authorEmail;
  if (typeof email !== 'string' || email.trim() === '') {
    return null;
  }
  return { type: 'user', identifier: email.trim().toLowerCase() };
}

function resolveOnce({ rules }: CompiledRules, resolve: ResolveOwner) {
  const known = new Map<number, readonly ResolvedOwner[]>();
  return (position: number): readonly ResolvedOwner[] => {
    const before = known.get(position);
    if (before) {
      return before;
    }
    const owners = (rules[position]?.owners ?? []).map((owner) => ({
      ...owner,
      actor: resolve(owner),
    }));
    known.set(position, owners);
    return owners;
  };
}

function describe(
  source: RuleSource,
  { rule, frameIndex, excluded }: RuleMatch,
  owners: readonly ResolvedOwner[],
): Omit<MatchedRule, 'rank'> {
  return { rule: ruleText(rule), source, frameIndex, excluded, owners };
}

function nearestThenLast(a: RuleMatch, b: RuleMatch): number {
  return depth(a) - depth(b) || b.position - a.position;
}

/** A finite number for "behind every frame", so that the difference of two of them is 0. */
function depth({ frameIndex }: { readonly frameIndex: number | null }): number {
  return frameIndex ?? Number.MAX_SAFE_INTEGER;
}

function suggestedBy({ rule, source, owners }: MatchedRule): SuggestedOwner[] {
  const type = source === 'codeowners' ? 'codeowners' : 'ownershipRule';
  const actors = owners.flatMap(({ actor }) => (actor ? [actor] : []));
  const distinct = new Map(actors.map((actor) => [formatActor(actor), actor]));
  return [...distinct.values()].map((actor) => ({ type, actor, rule }));
}

function winnerOf(owners: readonly SuggestedOwner[]): OwnershipEvaluation['winner'] {
  const [first] = owners;
  if (!first) {
    return null;
  }
  const source = first.type === 'codeowners' ? 'codeowners' : 'ownership_rule';
  return { rule: first.rule, source, actor: first.actor };
}
