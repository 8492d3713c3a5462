import { compileRules } from '../../../shared/domain/ownership/compile.ts';
import { beginEvaluation } from '../../../shared/domain/ownership/evaluate.ts';
import { parseRules } from '../../../shared/domain/ownership/grammar.ts';
import type { Rule } from '../../../shared/domain/ownership/rule.ts';
import type { ResolveOwner } from '../../../shared/domain/ownership/schema.ts';

/** The rules of a text that parses. */
export function parsed(text: string): readonly Rule[] {
  const result = parseRules(text);
  if (!result.ok) {
    throw new Error(`Not a text of rules: ${text}`);
  }
  return result.rules;
}

/** Teams are who they are called; whoever begins with `gone` is nobody. */
export const resolve: ResolveOwner = ({ type, identifier }) =>
  identifier.startsWith('gone') ? null : { type, id: identifier };

/** Frames nearest the error first, as rules count them. */
export function event(files: readonly (string | object)[], more: object = {}) {
  const frames = files.map((file) => (typeof file === 'string' ? { filename: file } : file));
  return { exception: { values: [{ stacktrace: { frames: frames.reverse() } }] }, ...more };
}

/** Who owns an event, both halves of the evaluation in one. */
export function evaluateOwnership({
  resolve: resolveOwner,
  ...input
}: Parameters<typeof beginEvaluation>[0] & { readonly resolve: ResolveOwner }) {
  return beginEvaluation(input).finish(resolveOwner);
}

/** Evaluates two texts of rules against an event. */
export function evaluate(rules: string, codeowners: string, subject: unknown) {
  return evaluateOwnership({
    rules: compileRules(parsed(rules)),
    codeowners: compileRules(parsed(codeowners)),
    event: subject,
    resolve,
  });
}
