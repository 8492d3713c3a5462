import type { Actor } from '../../../domain/actor.ts';
import type { Names } from '../../../operations/issues/read-issue.ts';
import type { RulesPreview } from '../../../operations/ownership/preview-rules.ts';
import { namedActor, serializeActor } from '../actor.ts';
import { LARGEST_ANSWER_BYTES, roomFor, sizeOf, thatFit } from './ownership.ts';

/** What rules that are not saved would do with a project's open issues. */
export function serializePreview({ moved, diagnostics, ...preview }: RulesPreview, names: Names) {
  const named = (actor: Actor | null) => actor && serializeActor(namedActor(actor, names));
  const shown = {
    ...preview,
    moved: moved.map(({ from, to, ...rest }) => ({ ...rest, from: named(from), to: named(to) })),
  };
  return { ...shown, ...thatFit(diagnostics, roomFor(LARGEST_ANSWER_BYTES - sizeOf(shown))) };
}
