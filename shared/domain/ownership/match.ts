import type { CompiledRules } from './compile.ts';
import type { FrameValue, PreparedEvent } from './event.ts';
import { globValue } from './glob.ts';
import type { Meter } from './pattern.ts';
import { eachMatch, type PatternIndex } from './pattern-index.ts';
import { isExclusion, type Rule } from './rule.ts';

/**
 * A rule that matches an event. `frameIndex` counts from the error outward and is null for what has
 * no frame, a URL or a tag. `excluded` rules give no owner: exclusions, and rules that match only
 * frames which an exclusion removed.
 */
export type RuleMatch = {
  readonly rule: Rule;
  readonly position: number;
  readonly frameIndex: number | null;
  readonly excluded: boolean;
};

/** One event, one source of rules, and the count of the work. */
type Matching = {
  readonly source: CompiledRules;
  readonly event: PreparedEvent;
  readonly meter: Meter;
};

type IsFrame = (frame: number) => boolean;
type IsPosition = (position: number) => boolean;

/** Which rules of one source match an event at all: who their owners are is not asked yet. */
export type RuleScan = {
  readonly matching: Matching;
  /** By position, the frame nearest the error that the rule matches. */
  readonly nearest: ReadonlyMap<number, number>;
  /** The positions of rules that match a URL or a tag. */
  readonly withoutFrame: ReadonlyMap<number, null>;
};

const every = () => true;

/** Finds the rules of one source that match the event, whoever their owners are. */
export function scanRules(source: CompiledRules, event: PreparedEvent, meter: Meter): RuleScan {
  const matching = { source, event, meter };
  return {
    matching,
    nearest: firstMatches(matching, every, every),
    withoutFrame: matchesWithoutFrame(matching),
  };
}

/** The rules that a scan found, without an order. */
export function rulesOfScan({ matching, nearest, withoutFrame }: RuleScan): Rule[] {
  const positions = [...nearest.keys(), ...withoutFrame.keys()];
  return positions.flatMap((position) => matching.source.rules[position] ?? []);
}

/**
 * Every rule of one source that matches the event, each on the frame nearest the error where its
 * match counts.
 *
 * Within a frame the last rule wins. Where that is an exclusion, the frame is removed: no rule of
 * this source may count it. A rule that is not live, because none of its owners resolves, excludes
 * nothing and wins over nothing.
 */
export function matchRules(scan: RuleScan, isLive: IsPosition): RuleMatch[] {
  const { matching, withoutFrame } = scan;
  const { source } = matching;
  const { counted, excluded } = source.hasExclusions
    ? withExclusions(matching, isLive)
    : { counted: scan.nearest, excluded: new Map<number, number>() };
  return [
    ...toMatches(source, counted, false),
    ...toMatches(source, excluded, true),
    ...toMatches(source, withoutFrame, false),
  ];
}

function withExclusions(matching: Matching, isLive: IsPosition) {
  const excludes: IsPosition = (position) => isExclusionAt(matching.source, position);
  const contested = lastMatches(matching, every, excludes);
  const defended = lastMatches(
    matching,
    (frame) => contested.has(frame),
    (position) => !excludes(position) && isLive(position),
  );
  const isRemoved: IsFrame = (frame) => (contested.get(frame) ?? -1) > (defended.get(frame) ?? -1);
  const counted = firstMatches(
    matching,
    (frame) => !isRemoved(frame),
    (position) => !excludes(position),
  );
  const excluded = firstMatches(
    matching,
    (frame) => contested.has(frame),
    (position) => !counted.has(position),
  );
  return { counted, excluded };
}

/** For each rule that is wanted, the first of these frames that it matches. */
function firstMatches(
  matching: Matching,
  isFrame: IsFrame,
  isWanted: IsPosition,
): Map<number, number> {
  const found = new Map<number, number>();
  eachFrameMatch(matching, isFrame, isWanted, (position, [first = 0]) => {
    found.set(position, first);
    return 'enough';
  });
  return found;
}

/** For each of these frames, the last wanted rule that matches it. */
function lastMatches(
  matching: Matching,
  isFrame: IsFrame,
  isWanted: IsPosition,
): Map<number, number> {
  const found = new Map<number, number>();
  eachFrameMatch(matching, isFrame, isWanted, (position, frames) => {
    for (const frame of frames) {
      found.set(frame, Math.max(position, found.get(frame) ?? -1));
    }
    return 'more';
  });
  return found;
}

function eachFrameMatch(
  { source, event, meter }: Matching,
  isFrame: IsFrame,
  isWanted: IsPosition,
  visit: (position: number, frames: readonly number[]) => 'enough' | 'more',
): void {
  const ask = <Value>(index: PatternIndex<Value>, values: readonly FrameValue<Value>[]) =>
    eachMatch(index, within(values, isFrame), {
      meter,
      isWanted,
      visit: (position, value) => visit(position, value.frames),
    });
  ask(source.paths, event.paths);
  ask(source.modules, event.modules);
  ask(source.files, event.files);
}

/** The values that some of these frames have, in the order of the first such frame. */
function within<Value>(
  values: readonly FrameValue<Value>[],
  isFrame: IsFrame,
): FrameValue<Value>[] {
  return values
    .map((value) => ({ ...value, frames: value.frames.filter(isFrame) }))
    .filter((value) => value.frames.length > 0)
    .sort((a, b) => (a.frames[0] ?? 0) - (b.frames[0] ?? 0));
}

function matchesWithoutFrame({ source, event, meter }: Matching): Map<number, null> {
  const found = new Map<number, null>();
  const ask = (index: PatternIndex<string>, texts: readonly string[]) => {
    eachMatch(index, texts.map(globValue), {
      meter,
      isWanted: every,
      visit(position) {
        found.set(position, null);
        return 'enough';
      },
    });
  };
  if (event.url !== null) {
    ask(source.urls, [event.url.toLowerCase()]);
  }
  for (const [name, patterns] of source.tags) {
    ask(patterns, event.tagValues(name));
  }
  return found;
}

function isExclusionAt({ rules }: CompiledRules, position: number): boolean {
  const rule = rules[position];
  return rule !== undefined && isExclusion(rule);
}

function toMatches(
  { rules }: CompiledRules,
  frames: ReadonlyMap<number, number | null>,
  excluded: boolean,
): RuleMatch[] {
  return Array.from(frames).flatMap(([position, frameIndex]) => {
    const rule = rules[position];
    return rule ? [{ rule, position, frameIndex, excluded }] : [];
  });
}
