import type { Actor } from '../../../domain/actor.ts';
import { autoAssignmentText, defaultAutoAssignment } from '../../../domain/ownership/settings.ts';
import { testsText } from '../../../domain/ownership/trial/rule-test.ts';
import { diffLines, type LineChange } from '../../../domain/ownership/versions/line-diff.ts';
import type {
  RulesContent,
  RulesVersion,
} from '../../../domain/ownership/versions/rules-content.ts';
import type { Names } from '../../../operations/issues/read-issue.ts';
import type { KeptRules } from '../../../operations/ownership/versions.ts';
import { namedActor, serializeActor } from '../actor.ts';
import { LARGEST_ANSWER_BYTES, roomFor, sizeOf } from './ownership.ts';

/** Whoever saved versions, for their names to be read. */
export function saversOf(versions: readonly RulesVersion[]): Actor[] {
  return versions.flatMap(({ savedBy }) =>
    savedBy === null ? [] : [{ type: 'user' as const, id: savedBy }],
  );
}

/** A version as a list shows it. */
export function serializeVersion(
  { version, savedAt, savedBy, changed }: RulesVersion,
  names: Names,
) {
  const saver = savedBy === null ? null : ({ type: 'user', id: savedBy } as const);
  return {
    version,
    savedAt,
    savedBy: saver && serializeActor(namedActor(saver, names)),
    changed,
  };
}

/**
 * All of a version, with what is different in it from another one: `added` lines are this one's,
 * `removed` ones the other's. A difference that an answer has no room for is cut.
 */
export function serializeKeptRules({ saved, content }: KeptRules, names: Names, other?: KeptRules) {
  const shown = { ...serializeVersion(saved, names), ...serializeContent(content) };
  if (other === undefined) {
    return shown;
  }
  const take = roomFor(LARGEST_ANSWER_BYTES - sizeOf(shown));
  let isCut = false;
  const diff = differencesOf(other.content, content).map(({ source, lines }) => {
    const firstLeftOut = lines.findIndex((line) => !take(line));
    isCut ||= firstLeftOut >= 0;
    return { source, lines: firstLeftOut < 0 ? lines : lines.slice(0, firstLeftOut) };
  });
  return {
    ...shown,
    against: other.saved.version,
    diff,
    ...(isCut ? { diffTruncated: true } : {}),
  };
}

function serializeContent({ ownership, tests, codeowners }: RulesContent) {
  return {
    raw: ownership?.raw ?? null,
    fallthrough: ownership?.fallthrough ?? true,
    autoAssignment: autoAssignmentText(ownership ?? defaultAutoAssignment),
    codeownersAutoSync: ownership?.codeownersAutoSync ?? true,
    tests,
    codeowners: codeowners.map(({ id, raw, codeMapping, dateCreated, dateUpdated }) => ({
      id,
      raw,
      codeMapping,
      dateCreated,
      dateUpdated,
    })),
  };
}

type Difference = { readonly source: string; readonly lines: readonly LineChange[] };

/** The texts that differ: the rules, the tests, the settings, and each CODEOWNERS file. */
function differencesOf(before: RulesContent, after: RulesContent): Difference[] {
  const ids = new Set([...before.codeowners, ...after.codeowners].map(({ id }) => id));
  const rawOf = ({ codeowners }: RulesContent, id: string) =>
    codeowners.find((file) => file.id === id)?.raw ?? '';
  const texts: [source: string, (content: RulesContent) => string][] = [
    ['ownership', ({ ownership }) => ownership?.raw ?? ''],
    ['tests', testLines],
    ['settings', settingLines],
    ...[...ids].map((id): [string, (content: RulesContent) => string] => [
      `codeowners:${id}`,
      (content) => rawOf(content, id),
    ]),
  ];
  return texts.flatMap(([source, textOf]) => {
    const lines = diffLines(textOf(before), textOf(after));
    return lines.length === 0 ? [] : [{ source, lines }];
  });
}

/** One test a line. */
function testLines({ tests }: RulesContent): string {
  return tests.map((test) => testsText([test]).slice(1, -1)).join('\n');
}

/** One setting a line, the path mappings of files among them. */
function settingLines(content: RulesContent): string {
  const { autoAssignment, fallthrough, codeownersAutoSync, codeowners } = serializeContent(content);
  return [
    ...Object.entries({ autoAssignment, fallthrough, codeownersAutoSync }),
    ...codeowners.map(
      ({ id, codeMapping: { sourceRoot, stackRoot } }) =>
        [`codeowners:${id} codeMapping`, { sourceRoot, stackRoot }] as const,
    ),
  ]
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join('\n');
}
