import { compileCodeowners } from './codeowners/codeowners-pattern.ts';
import { foldPath } from './event.ts';
import { compileGlob } from './glob.ts';
import { type IndexedPattern, indexPatterns, type PatternIndex } from './pattern-index.ts';
import { isExclusion, type Rule } from './rule.ts';

/**
 * Rules whose patterns are compiled and filed by what they look at. Made once for a text, used for
 * every event.
 */
export type CompiledRules = {
  readonly rules: readonly Rule[];
  readonly hasExclusions: boolean;
  readonly paths: PatternIndex<string>;
  readonly modules: PatternIndex<string>;
  readonly files: PatternIndex<readonly string[]>;
  readonly urls: PatternIndex<string>;
  /** By the name of the tag. */
  readonly tags: ReadonlyMap<string, PatternIndex<string>>;
};

/** Compiles the rules of one source; the position of a rule is its place in the list. */
export function compileRules(rules: readonly Rule[]): CompiledRules {
  const byType = Map.groupBy(rules.entries(), ([, rule]) => rule.matcher.type);
  const compile = <Value>(
    type: Rule['matcher']['type'],
    toPattern: (pattern: string) => IndexedPattern<Value>['pattern'],
  ): PatternIndex<Value> =>
    indexPatterns(
      (byType.get(type) ?? []).map(([position, { matcher }]) => ({
        position,
        pattern: toPattern(matcher.pattern),
      })),
    );
  const tags = new Map<string, PatternIndex<string>>();
  for (const type of byType.keys()) {
    if (type.startsWith('tags.')) {
      tags.set(type.slice('tags.'.length), compile(type, compileGlob));
    }
  }
  return {
    rules,
    hasExclusions: rules.some(isExclusion),
    paths: compile('path', (pattern) => compileGlob(foldPath(pattern))),
    modules: compile('module', (pattern) => compileGlob(foldPath(pattern))),
    files: compile('codeowners', compileCodeowners),
    urls: compile('url', (pattern) => compileGlob(pattern.toLowerCase())),
    tags,
  };
}
