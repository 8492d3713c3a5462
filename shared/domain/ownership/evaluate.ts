import { type Actor, formatActor } from '../actor.ts';
import type { CompiledRules } from './compile.ts';
import { prepareEvent } from './event.ts';
import { matchRules, type RuleMatch, rulesOfScan, scanRules } from './match.ts';
import { isSpent, type Meter } from './pattern.ts';
import { ownersInOrder, type RuleOwner, ruleText } from './rule.ts';
import type { ResolveOwner } from './schema.ts';

/** Where a rule comes from: the project's own text, or an imported CODEOWNERS file. */
export type RuleSource = 'ownership_rule' | 'codeowners';

/** An owner of a rule and who that is; nobody when the project knows none by that name. */
type ResolvedOwner = RuleOwner & { readonly actor: Actor | null };

/**
 * A rule that matched, and what came of it. `rank` counts from 1 in the order in which rules are
 * asked for owners.
 */
type MatchedRule = {
  readonly rule: string;
  readonly source: RuleSource;
  readonly frameIndex: number | null;
  readonly excluded: boolean;
  readonly owners: readonly ResolvedOwner[];
  readonly rank: number;
};

/** Someone a rule suggests for the issue. */
export type SuggestedOwner = {
  readonly type: 'ownershipRule' | 'codeowners';
  readonly actor: Actor;
  readonly rule: string;
};

/** Why an event has the owners it has: all that matched, in order, and what won. */
export type OwnershipEvaluation = {
  readonly rules: readonly MatchedRule[];
  readonly winner: {
    readonly rule: string;
    readonly source: RuleSource;
    readonly actor: Actor;
  } | null;
  readonly owners: readonly SuggestedOwner[];
  /** The work of matching, in comparisons, and whether it was cut short at the limit. */
  readonly steps: number;
  readonly isCutShort: boolean;
};

/**
 * A second or two of comparing. Ten thousand ordinary rules and an event of 200 frames take less
 * than a thousandth.
 */
export const MAXIMUM_STEPS = 250_000_000;

/** So many rules suggest owners for an issue. */
const WINNING_RULES = 2;

type EvaluationInput = {
  readonly rules: CompiledRules;
  readonly codeowners: CompiledRules;
  readonly event: unknown;
  readonly platform?: string | null;
  readonly stepLimit?: number;
};

/** An evaluation that has found which rules match, and waits to be told who their owners are. */
export type BegunEvaluation = {
  /** Everybody whom a matching rule names: nobody else has to be looked up. */
  readonly owners: readonly RuleOwner[];
  /** What of the event could not be read though something is there. */
  readonly unreadable: readonly string[];
  finish(resolve: ResolveOwner): OwnershipEvaluation;
};

const sources: readonly RuleSource[] = ['ownership_rule', 'codeowners'];

/**
 * Begins to decide who owns an event: tells the names of which `finish` has to be told who they
 * are. The rule that matches nearest the error comes first; on one frame the project's own rules
 * come before CODEOWNERS, and later lines before earlier ones; rules that match a URL or a tag come
 * last. The first two rules with an owner that resolves suggest all their owners, and the first
 * owner of the first rule wins.
 *
 * The event may be anything at all: what cannot be read matches nothing. Matching that takes more
 * than `stepLimit` comparisons stops there, and the rest counts as not matching.
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
 * Who a suspect commit points at: its author's address, resolved as a rule's owner is. Null without
 * an address, and for one that the project knows nobody by.
 */
export function suspectCommitOwner(commit: unknown, resolve: ResolveOwner): Actor | null {
  const author = commitAuthor(commit);
  return author === null ? null : resolve(author);
}

/** The author of a commit as a rule would name them; null without an address. */
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

/** A finite stand-in for "behind every frame", so that two of them differ by 0. */
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
