import type { ProjectId } from '../../domain/ids.ts';
import type { CodeMapping } from '../../domain/ownership/codeowners/code-mapping.ts';
import {
  inOrder,
  type ProjectCodeowners,
  type ProjectOwnership,
} from '../../domain/ownership/project-ownership.ts';
import { type RuleTest, testsText } from '../../domain/ownership/trial/rule-test.ts';
import type { StoredRules } from '../../domain/ownership/versions/rules-content.ts';
import type { Project } from '../../domain/projects/project.ts';
import { hashOf } from '../ingest/event-deliveries.ts';
import { ownershipKeys } from '../keys/ownership-keys.ts';
import { projectKeys } from '../keys/project-keys.ts';
import type { Key } from '../keys.ts';
import { flag, nullable, number, object, orElse, read, rowReader, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import { cutText, joinText, textItems } from '../text-parts.ts';

export type OwnershipStore = ReturnType<typeof createOwnershipStore>;

/**
 * A project's rules, tests and settings as they were read, with the version that a save has to
 * name; 0 before the first save.
 */
export type StoredOwnership = Omit<StoredRules, 'codeowners'>;

const READINGS = 5;

/**
 * Ownership rules and CODEOWNERS of projects, as they are. Long texts lie in several items that are
 * written together; `rules-saves.ts` writes them.
 */
export function createOwnershipStore(table: Table) {
  async function codeownersOf(projectId: ProjectId): Promise<ProjectCodeowners[]> {
    const found = await readItems(projectId, ownershipKeys.codeownersPrefix, codeownersFromItems);
    return inOrder(found);
  }

  async function readItems<T>(
    projectId: ProjectId,
    prefix: string,
    understand: (items: readonly Item[]) => T | undefined,
  ): Promise<T> {
    for (let reading = 1; ; reading++) {
      const items = await table.queryAll(byPrefix(projectKeys.partition(projectId), prefix));
      const understood = understand(items);
      if (understood !== undefined) {
        return understood;
      }
      if (reading === READINGS) {
        throw new Error(
          `The rows ${prefix} of project ${projectId} were from different saves at ${READINGS} readings. Try again, or look for a save that is not in one transaction.`,
        );
      }
    }
  }

  return {
    /** A project's rules and settings. One Query. */
    ofProject(projectId: ProjectId): Promise<StoredOwnership> {
      return readItems(projectId, ownershipKeys.prefix, ownershipFromItems);
    },

    /** The version of a project's rules; 0 before the first save. One round trip. */
    async versionOf(projectId: ProjectId): Promise<number> {
      const item = await table.get(ownershipKeys.version(projectId));
      return item === undefined ? 0 : read(item, 'version', number);
    },

    /**
     * The CODEOWNERS files of a project, the oldest first. One Query, one more page for each MB.
     */
    codeownersOf,

    /**
     * All that a save decides on. Two round trips, one after the other: the files are at least as
     * new as the version, so that a save in between is refused.
     */
    async rulesOf(projectId: ProjectId): Promise<StoredRules> {
      const stored = await readItems(projectId, ownershipKeys.prefix, ownershipFromItems);
      return { ...stored, codeowners: await codeownersOf(projectId) };
    },
  };
}

/**
 * A project's rules as the table holds them: the settings, then the tests, where there are any, and
 * the parts of the text.
 */
export function ownershipItems(
  project: Pick<Project, 'id' | 'organizationId'>,
  ownership: ProjectOwnership,
  version: number,
  tests: readonly RuleTest[] = [],
): [Item, ...Item[]] {
  const { raw, ...settings } = ownership;
  const content = tests.length === 0 ? null : testsText(tests);
  const row = { organizationId: project.organizationId, projectId: project.id, version };
  return [
    {
      ...ownershipKeys.settings(project.id),
      entity: 'ownership',
      ...row,
      ...settings,
      parts: cutText(raw ?? '').length,
      testsHash: content === null ? null : hashOf(content),
    },
    ...(content === null
      ? []
      : [{ ...ownershipKeys.tests(project.id), entity: 'ruleTests', ...row, content }]),
    ...textItems((part) => ownershipKeys.text(project.id, part), raw, row),
  ];
}

/** A CODEOWNERS file as the table holds it: the file, then the parts of its text. */
export function codeownersItems(
  project: Pick<Project, 'id' | 'organizationId'>,
  codeowners: ProjectCodeowners,
  version: number,
): [Item, ...Item[]] {
  const { raw, id, ...rest } = codeowners;
  const row = { organizationId: project.organizationId, projectId: project.id, version };
  const textOf = (part: number): Key => ownershipKeys.codeownersText(project.id, id, part);
  return [
    {
      ...ownershipKeys.codeowners(project.id, id),
      entity: 'codeowners',
      ...row,
      id,
      ...rest,
      parts: cutText(raw).length,
    },
    ...textItems(textOf, raw, { ...row, id }),
  ];
}

function ownershipFromItems(items: readonly Item[]): StoredOwnership | undefined {
  const versionRow = items.find(({ entity }) => entity === 'ownershipVersion');
  const { version, isKept } =
    versionRow === undefined ? { version: 0, isKept: false } : versionFromItem(versionRow);
  const settings = items.find(({ entity }) => entity === 'ownership');
  if (settings === undefined) {
    return { version, isKept, ownership: null, tests: [] };
  }
  const raw = joinText(items.filter(isText), partsFromItem(settings));
  const tests = testsFromItems(items, read(settings, 'testsHash', nullable(text)));
  return raw === undefined || tests === undefined
    ? undefined
    : {
        version,
        isKept,
        ownership: { raw: raw === '' ? null : raw, ...settingsFromItem(settings) },
        tests,
      };
}

/** The tests that settings name; undefined where they are not from one save. */
function testsFromItems(items: readonly Item[], hash: string | null): RuleTest[] | undefined {
  if (hash === null) {
    return [];
  }
  const item = items.find(({ entity }) => entity === 'ruleTests');
  const content = item === undefined ? '' : read(item, 'content', text);
  // Written by a save, of tests that it had looked at.
  return hashOf(content) === hash ? (JSON.parse(content) as RuleTest[]) : undefined;
}

const versionFromItem = rowReader<Pick<StoredRules, 'version' | 'isKept'>>({
  version: number,
  isKept: orElse(flag, false),
});

function codeownersFromItems(items: readonly Item[]): ProjectCodeowners[] | undefined {
  const texts = Map.groupBy(items.filter(isText), (item) => read(item, 'id', text));
  const files = items
    .filter(({ entity }) => entity === 'codeowners')
    .map((item) => {
      const file = fileFromItem(item);
      const raw = joinText(texts.get(file.id) ?? [], partsFromItem(item));
      return raw === undefined ? undefined : { ...file, raw };
    });
  return files.every((file) => file !== undefined) ? files : undefined;
}

const settingsFromItem = rowReader<Omit<ProjectOwnership, 'raw'>>({
  autoAssignment: flag,
  suspectCommitterAutoAssignment: flag,
  fallthrough: flag,
  codeownersAutoSync: flag,
  dateCreated: text,
  lastUpdated: text,
});

const fileFromItem = rowReader<Omit<ProjectCodeowners, 'raw'>>({
  id: text,
  codeMapping: object<CodeMapping>({ sourceRoot: text, stackRoot: text }),
  dateCreated: text,
  dateUpdated: text,
});

const partsFromItem = rowReader<{ readonly parts: number; readonly version: number }>({
  parts: number,
  version: number,
});

function isText({ entity }: Item): boolean {
  return entity === 'text';
}
