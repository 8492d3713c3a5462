import type { CompiledRules } from './compile.ts';
import type { FrameValue, PreparedEvent } from './event.ts';
import { globValue } from './glob.ts';
import type { Meter } from './pattern.ts';
import { eachMatch, type PatternIndex } from './pattern-index.ts';
import { isExclusion, type Rule } from './rule.ts';

/**
 * A rule that matches an event. `frameIndex` counts from the error outward, and is null for a match
 * of a URL or a tag. `excluded` rules suggest no owner: exclusions, and rules that only match
 * frames which an exclusion removed.
 */
export type RuleMatch = {
  readonly rule: Rule;
  readonly position: number;
  readonly frameIndex: number | null;
  readonly excluded: boolean;
};

/** An event, the rules of one source, and the meter of the comparisons. */
type Matching = {
  readonly source: CompiledRules;
  readonly event: PreparedEvent;
  readonly meter: Meter;
};

type IsFrame = (frame: number) => boolean;
type IsPosition = (position: number) => boolean;

/** The rules of one source that match an event, before their owners are resolved. */
export type RuleScan = {
  readonly matching: Matching;
  /** The matched frame nearest to the error, by the position of the rule. */
  readonly nearest: ReadonlyMap<number, number>;
  /** The positions of rules that match a URL or a tag. */
  readonly withoutFrame: ReadonlyMap<number, null>;
};

const every = () => true;

/** Finds the rules of one source that match the event. */
export function scanRules(source: CompiledRules, event: PreparedEvent, meter: Meter): RuleScan {
  const matching = { source, event, meter };
  return {
    matching,
    nearest: firstMatches(matching, every, every),
    withoutFrame: matchesWithoutFrame(matching),
  };
}

/** The rules of a scan, in no order. */
export function rulesOfScan({ matching, nearest, withoutFrame }: RuleScan): Rule[] {
  const positions = [...nearest.keys(), ...withoutFrame.keys()];
  return positions.flatMap((position) => matching.source.rules[position] ?? []);
}

/** Every rule of one source that matches the event, with the counted frame nearest to the error. */
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

/** For each wanted rule, the first of these frames that it matches. */
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

/** The values of these frames, in the order of their first frame. */
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
