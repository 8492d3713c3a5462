import { foldPath } from '../../../shared/domain/ownership/event.ts';
import { isExclusion, type Rule } from '../../../shared/domain/ownership/rule.ts';

/**
 * What the rules of matching say, word by word and as slowly as it takes. Only for small patterns
 * and values.
 */

/** Whether a glob matches the whole value. */
export function globMatches(pattern: string, value: string): boolean {
  return globRest([...pattern], [...value]);
}

function globRest(pattern: readonly string[], value: readonly string[]): boolean {
  const [wanted, ...rest] = pattern;
  if (wanted === undefined) {
    return value.length === 0;
  }
  if (wanted === '*') {
    return globRest(rest, value) || (value.length > 0 && globRest(pattern, value.slice(1)));
  }
  return (
    value.length > 0 && (wanted === '?' || wanted === value[0]) && globRest(rest, value.slice(1))
  );
}

/** Whether a CODEOWNERS pattern matches a file. */
export function codeownersMatches(pattern: string, value: string): boolean {
  if (pattern === '') {
    return false;
  }
  if (pattern.startsWith('\\')) {
    return value.endsWith('\\') || value.includes('\\/');
  }
  const isDirectory = pattern.endsWith('/');
  const endsThere = pattern.length > 1 && pattern.endsWith('/*');
  const isAnchored = pattern.slice(0, -1).includes('/');
  const hasSlash = isAnchored && pattern.startsWith('/');
  const body = pattern.slice(hasSlash ? 1 : 0, isDirectory ? -1 : undefined);
  const afterSlashes = [...value].flatMap((character, at) => (character === '/' ? [at + 1] : []));
  const starts = !isAnchored
    ? [0, ...afterSlashes]
    : hasSlash && value.startsWith('/')
      ? [0, 1]
      : [0];
  return starts
    .flatMap((start) => ends(body, 0, value, start))
    .some((end) => {
      if (isDirectory) {
        return value[end] === '/';
      }
      if (endsThere) {
        return end === value.length;
      }
      return end === value.length || value[end] === '/';
    });
}

/** Every place of the value at which the rest of the pattern may end. */
function ends(body: string, at: number, value: string, from: number): number[] {
  if (at === body.length) {
    return [from];
  }
  const later = Array.from({ length: value.length - from }, (_, step) => from + step + 1);
  const startsComponent = at === 0 || body[at - 1] === '/';
  if (startsComponent && body.slice(at) === '**') {
    return [from, ...later];
  }
  if (startsComponent && body.startsWith('**/', at)) {
    const components = later.filter((place) => value[place - 1] === '/');
    return [from, ...components].flatMap((place) => ends(body, at + 3, value, place));
  }
  const wanted = body[at];
  if (wanted === '*') {
    const withinComponent = later.filter((place) => !value.slice(from, place).includes('/'));
    return [from, ...withinComponent].flatMap((place) => ends(body, at + 1, value, place));
  }
  const next = value[from];
  if (next === undefined || (wanted === '?' ? next === '/' : next !== wanted)) {
    return [];
  }
  return ends(body, at + 1, value, from + 1);
}

/** A frame by its one name. */
type Frame = { readonly filename: string; readonly inApp: boolean };

/**
 * What one source makes of an event's frames, nearest first: frame by frame, with nothing spared.
 */
export function matchesOf(
  rules: readonly Rule[],
  frames: readonly Frame[],
  isLive: (rule: Rule) => boolean,
): { position: number; frameIndex: number; excluded: boolean }[] {
  const found = new Map<number, { frameIndex: number; excluded: boolean }>();
  for (const wantRemoved of [false, true]) {
    for (const [frameIndex, frame] of frames.entries()) {
      const positions = rules.flatMap((rule, at) => (ruleMatches(rule, frame) ? [at] : []));
      const deciding = positions.filter((at) => isExclusion(rules[at]!) || isLive(rules[at]!));
      const winner = rules[deciding.at(-1) ?? -1];
      const isRemoved = winner !== undefined && isExclusion(winner);
      for (const position of positions) {
        const excluded = isRemoved || isExclusion(rules[position]!);
        if (excluded === wantRemoved && !found.has(position)) {
          found.set(position, { frameIndex, excluded });
        }
      }
    }
  }
  return Array.from(found, ([position, match]) => ({ position, ...match }));
}

function ruleMatches({ matcher }: Rule, { filename, inApp }: Frame): boolean {
  return matcher.type === 'codeowners'
    ? inApp && codeownersMatches(matcher.pattern, filename)
    : globMatches(foldPath(matcher.pattern), foldPath(filename));
}
