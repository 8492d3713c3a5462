import type { EventRecord } from '../../domain/events.ts';
import type { ProjectId } from '../../domain/ids.ts';
import type { CodeMapping } from '../../domain/ownership/codeowners/code-mapping.ts';
import type {
  ProjectCodeowners,
  ProjectOwnership,
} from '../../domain/ownership/project-ownership.ts';
import type { Project } from '../../domain/projects/project.ts';
import { doesNotExist, exists, versionIs } from '../conditions.ts';
import { type Key, ownershipKeys, projectKeys } from '../keys.ts';
import { recordEvent } from '../outbox.ts';
import { checkProjectIsActive } from '../projects/project-changes.ts';
import { flag, number, object, read, rowReader, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import { cutText, joinText, replaceText, textItems } from '../text-parts.ts';
import type { Transact, Write } from '../transaction.ts';

/** The names of the writes that a save of rules or CODEOWNERS may need. */
export type OwnershipWrite = 'project' | 'version' | 'ownership' | 'codeowners' | 'text' | 'events';

export type OwnershipStore = ReturnType<typeof createOwnershipStore>;

/**
 * A project's rules as they were read, with the version that a save has to name; 0 before the first
 * save.
 */
export type StoredOwnership = {
  readonly version: number;
  readonly ownership: ProjectOwnership | null;
};

/**
 * Which project a save is about, the version that it was decided on, and the event that tells of
 * it.
 */
export type OwnershipSave = {
  readonly project: Pick<Project, 'id' | 'organizationId'>;
  readonly readVersion: number;
  readonly event: EventRecord;
};

const READINGS = 5;

/**
 * Ownership rules and CODEOWNERS of projects. Long texts lie in several items that are written
 * together. Every save raises one version for both, and a refusal names the write that was refused:
 * `project` (being deleted), `version` (another save).
 */
export function createOwnershipStore(table: Table, transact: Transact) {
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

    /**
     * The version that the next save of the project's rules or CODEOWNERS has to name. One round
     * trip.
     */
    async versionOf(projectId: ProjectId): Promise<number> {
      const item = await table.get(ownershipKeys.version(projectId));
      return item === undefined ? 0 : read(item, 'version', number);
    },

    /**
     * The CODEOWNERS files of a project, the oldest first. One Query, one more page for each MB.
     */
    async codeownersOf(projectId: ProjectId): Promise<ProjectCodeowners[]> {
      const found = await readItems(projectId, ownershipKeys.codeownersPrefix, codeownersFromItems);
      const order = (file: ProjectCodeowners) => `${file.dateCreated} ${file.id}`;
      return found.sort((a, b) => (order(a) < order(b) ? -1 : 1));
    },

    /** Saves rules and settings in place of those from before. One round trip. */
    save(save: OwnershipSave, before: ProjectOwnership | null, after: ProjectOwnership) {
      const [settings] = ownershipItems(save.project, after, save.readVersion + 1);
      return transact([
        ...commonWrites(save),
        { name: 'ownership', put: { Item: settings } },
        ...replaceText(
          (part) => ownershipKeys.text(save.project.id, part),
          before?.raw ?? null,
          after.raw,
          textRow(save),
        ),
      ]);
    },

    /**
     * Adds a CODEOWNERS file, or saves it in place of what it was. A new one's id may be taken:
     * `codeowners`.
     */
    saveCodeowners(
      save: OwnershipSave,
      before: ProjectCodeowners | null,
      after: ProjectCodeowners,
    ) {
      const [file] = codeownersItems(save.project, after, save.readVersion + 1);
      return transact([
        ...commonWrites(save),
        {
          name: 'codeowners',
          put: {
            Item: file,
            ...(before === null ? doesNotExist : exists),
          },
        },
        ...replaceText(
          (part) => ownershipKeys.codeownersText(save.project.id, after.id, part),
          before?.raw ?? null,
          after.raw,
          { ...textRow(save), id: after.id },
        ),
      ]);
    },

    /** Removes a CODEOWNERS file. One round trip. */
    removeCodeowners(save: OwnershipSave, before: ProjectCodeowners) {
      return transact([
        ...commonWrites(save),
        {
          name: 'codeowners',
          delete: { Key: ownershipKeys.codeowners(save.project.id, before.id) },
        },
        ...replaceText(
          (part) => ownershipKeys.codeownersText(save.project.id, before.id, part),
          before.raw,
          null,
          { ...textRow(save), id: before.id },
        ),
      ]);
    },
  };
}

/** A project's rules as the table holds them: the settings, then the parts of the text. */
export function ownershipItems(
  project: Pick<Project, 'id' | 'organizationId'>,
  ownership: ProjectOwnership,
  version: number,
): [Item, ...Item[]] {
  const { raw, ...settings } = ownership;
  const row = { organizationId: project.organizationId, projectId: project.id, version };
  return [
    {
      ...ownershipKeys.settings(project.id),
      entity: 'ownership',
      ...row,
      ...settings,
      parts: cutText(raw ?? '').length,
    },
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

/** The writes of every save: the project is active, the version is as read, and the event. */
function commonWrites({
  project,
  readVersion,
  event,
}: OwnershipSave): Write<'project' | 'version' | 'events'>[] {
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
          version: readVersion + 1,
        },
        ...versionIs(readVersion === 0 ? null : readVersion),
      },
    },
    recordEvent(event),
  ];
}

function textRow({ project, readVersion }: OwnershipSave) {
  const { id: projectId, organizationId } = project;
  return { organizationId, projectId, version: readVersion + 1 };
}

function ownershipFromItems(items: readonly Item[]): StoredOwnership | undefined {
  const versionRow = items.find(({ entity }) => entity === 'ownershipVersion');
  const version = versionRow === undefined ? 0 : read(versionRow, 'version', number);
  const settings = items.find(({ entity }) => entity === 'ownership');
  if (settings === undefined) {
    return { version, ownership: null };
  }
  const raw = joinText(items.filter(isText), partsFromItem(settings));
  return raw === undefined
    ? undefined
    : {
        version,
        ownership: { raw: raw === '' ? null : raw, ...settingsFromItem(settings) },
      };
}

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
