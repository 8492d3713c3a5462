import type { EventRecord } from '../../domain/events.ts';
import type { OrganizationId, ProjectId } from '../../domain/ids.ts';
import type { ProjectCodeowners } from '../../domain/ownership/project-ownership.ts';
import {
  type RulesContent,
  type RulesVersion,
  type StoredRules,
  unkeptVersion,
} from '../../domain/ownership/versions/rules-content.ts';
import type { Project } from '../../domain/projects/project.ts';
import { doesNotExist, exists, versionIs } from '../conditions.ts';
import { ownershipKeys } from '../keys/ownership-keys.ts';
import { recordEvent } from '../outbox.ts';
import { checkProjectIsActive } from '../projects/project-changes.ts';
import { replaceText } from '../text-parts.ts';
import { TRANSACTION_LIMIT, type Transact, type Write } from '../transaction.ts';
import { codeownersItems, ownershipItems } from './ownership.ts';
import { keepTexts, keepVersion, textsOf } from './rules-versions.ts';

/** Which project a save is about, how its version is shown, and the event that tells of it. */
export type RulesSave = {
  readonly project: Pick<Project, 'id' | 'organizationId'>;
  readonly saved: RulesVersion;
  readonly event: EventRecord;
};

export type RulesSaveStore = ReturnType<typeof createRulesSaveStore>;

/** The rows of a save, before and after it, and where they lie. */
type Change = RulesSave & { readonly before: StoredRules; readonly after: RulesContent };

/**
 * Saves rules, tests, settings and CODEOWNERS of projects, each save as a version of its own.
 *
 * @param commit writes what goes before the save, and is not the request's own transaction
 */
export function createRulesSaveStore(transact: Transact, commit: Transact) {
  return {
    /**
     * Saves the rules of a project in place of those that were read. A refusal names the write that
     * was refused: `project` (being deleted), `version` (another save), `codeowners` (a new file's
     * id is taken). One round trip; more only where there are dozens of texts to keep.
     */
    async commit(save: RulesSave, before: StoredRules, after: RulesContent) {
      const change: Change = { ...save, before, after };
      const texts = newTexts(change);
      const writes = [...commonWrites(change), ...liveWrites(change), ...versionWrites(change)];
      const room = TRANSACTION_LIMIT - writes.length;
      // A text that no version names yet is seen by nobody, so those without room may go first.
      const early = texts.slice(Math.max(0, room));
      for (let start = 0; start < early.length; start += EARLY_TEXTS) {
        await commit(early.slice(start, start + EARLY_TEXTS));
      }
      return transact([...writes, ...texts.slice(0, Math.max(0, room))]);
    },
  };
}

/** So many texts of 300 KB fit into what a transaction may hold. */
const EARLY_TEXTS = 10;

/** The writes of every save: the project is active, the version is as read, and the event. */
function commonWrites({
  project,
  before,
  saved,
  event,
}: Change): Write<'project' | 'version' | 'events'>[] {
  return [
    checkProjectIsActive(project.id),
    {
      name: 'version',
      put: {
        Item: {
          ...ownershipKeys.version(project.id),
          entity: 'ownershipVersion',
          organizationId: project.organizationId,
          projectId: project.id,
          version: saved.version,
          isKept: true,
        },
        ...versionIs(before.version === 0 ? null : before.version),
      },
    },
    recordEvent(event),
  ];
}

function liveWrites(change: Change): Write<'ownership' | 'codeowners' | 'text'>[] {
  const { before, after } = change;
  const gone = before.codeowners.filter(
    ({ id }) => !after.codeowners.some((file) => file.id === id),
  );
  return [
    ...ownershipWrites(change),
    ...after.codeowners.flatMap((file) => {
      const known = before.codeowners.find(({ id }) => id === file.id) ?? null;
      return known === file ? [] : fileWrites(change, known, file);
    }),
    ...gone.flatMap((file) => removalOf(change, file)),
  ];
}

function ownershipWrites(change: Change): Write<'ownership' | 'text'>[] {
  const { project, before, after, saved } = change;
  const isSame = before.ownership === after.ownership && before.tests === after.tests;
  if (isSame || after.ownership === null) {
    return [];
  }
  const items = ownershipItems(project, after.ownership, saved.version, after.tests);
  const hadTests = before.tests.length > 0 && after.tests.length === 0;
  return [
    ...items
      .filter(({ entity }) => entity !== 'text')
      .map((Item): Write<'ownership'> => ({ name: 'ownership', put: { Item } })),
    ...(hadTests
      ? [{ name: 'ownership' as const, delete: { Key: ownershipKeys.tests(project.id) } }]
      : []),
    ...replaceText(
      (part) => ownershipKeys.text(project.id, part),
      before.ownership?.raw ?? null,
      after.ownership.raw,
      textRow(change),
    ),
  ];
}

function fileWrites(
  change: Change,
  before: ProjectCodeowners | null,
  after: ProjectCodeowners,
): Write<'codeowners' | 'text'>[] {
  const { project, saved } = change;
  const [Item] = codeownersItems(project, after, saved.version);
  return [
    { name: 'codeowners', put: { Item, ...(before === null ? doesNotExist : exists) } },
    ...replaceText(
      (part) => ownershipKeys.codeownersText(project.id, after.id, part),
      before?.raw ?? null,
      after.raw,
      { ...textRow(change), id: after.id },
    ),
  ];
}

function removalOf(change: Change, { id, raw }: ProjectCodeowners): Write<'codeowners' | 'text'>[] {
  const { project } = change;
  return [
    { name: 'codeowners', delete: { Key: ownershipKeys.codeowners(project.id, id) } },
    ...replaceText((part) => ownershipKeys.codeownersText(project.id, id, part), raw, null, {
      ...textRow(change),
      id,
    }),
  ];
}

/** The new version, and before it the rules that were saved when none were kept yet. */
function versionWrites({ project, before, after, saved }: Change): Write<'kept version'>[] {
  const first = unkeptVersion(before);
  return [
    ...(first === null ? [] : [keepVersion(project, first, before)]),
    keepVersion(project, saved, after),
  ];
}

/** The texts that no version holds yet: what was kept before needs no second copy. */
function newTexts({ project, before, after }: Change): Write<'kept text'>[] {
  const known = textsOf(before);
  const texts = new Map(
    [...textsOf(after), ...(before.isKept ? [] : known)].filter(
      ([hash]) => !before.isKept || !known.has(hash),
    ),
  );
  return keepTexts(project, texts);
}

function textRow({ project, saved }: Change): {
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly version: number;
} {
  const { id: projectId, organizationId } = project;
  return { organizationId, projectId, version: saved.version };
}
