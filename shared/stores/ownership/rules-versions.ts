import type { ProjectId } from '../../domain/ids.ts';
import type { CodeMapping } from '../../domain/ownership/codeowners/code-mapping.ts';
import type {
  ProjectCodeowners,
  ProjectOwnership,
} from '../../domain/ownership/project-ownership.ts';
import { type RuleTest, testsText } from '../../domain/ownership/trial/rule-test.ts';
import {
  KEPT_VERSIONS,
  type RulesContent,
  type RulesVersion,
} from '../../domain/ownership/versions/rules-content.ts';
import type { Project } from '../../domain/projects/project.ts';
import { versionIs } from '../conditions.ts';
import { hashOf } from '../ingest/event-deliveries.ts';
import { ownershipKeys } from '../keys/ownership-keys.ts';
import { projectKeys } from '../keys/project-keys.ts';
import { flag, list, nullable, number, object, read, rowReader, text } from '../rows.ts';
import { byPrefix, type Table } from '../table.ts';
import { cutText } from '../text-parts.ts';
import { TRANSACTION_LIMIT, type Transact, type Write } from '../transaction.ts';

type ProjectIds = Pick<Project, 'id' | 'organizationId'>;

/** A text that versions hold, by its hash; null for none. */
type TextRef = { readonly hash: string; readonly parts: number };

type KeptFile = Omit<ProjectCodeowners, 'raw'> & { readonly text: TextRef };

/** A version as its row holds it: its texts lie beside it, each once for all versions. */
type KeptVersion = RulesVersion & {
  readonly settings: Omit<ProjectOwnership, 'raw'> | null;
  readonly raw: TextRef | null;
  readonly tests: TextRef | null;
  readonly codeowners: readonly KeptFile[];
};

export type RulesVersionStore = ReturnType<typeof createRulesVersionStore>;

/** The versions of projects' rules that saves have kept: the last fifty of each project. */
export function createRulesVersionStore(table: Table, transact: Transact) {
  async function rowsOf(projectId: ProjectId): Promise<KeptVersion[]> {
    const items = await table.queryAll({
      ...byPrefix(projectKeys.partition(projectId), ownershipKeys.versionPrefix),
      ScanIndexForward: false,
    });
    return items.map(keptFromItem);
  }

  async function readText(projectId: ProjectId, ref: TextRef | null): Promise<string | undefined> {
    if (ref === null) {
      return '';
    }
    const items = await table.queryAll(
      byPrefix(projectKeys.partition(projectId), ownershipKeys.keptTextPrefix(ref.hash)),
    );
    return items.length < ref.parts
      ? undefined
      : items.map((item) => read(item, 'content', text)).join('');
  }

  return {
    /** The versions that are kept, newest first. One Query. */
    async ofProject(projectId: ProjectId): Promise<RulesVersion[]> {
      const rows = await rowsOf(projectId);
      return rows.slice(0, KEPT_VERSIONS).map(asListed);
    },

    /** All of one version; undefined for one that is not kept. Three round trips. */
    async contentOf(
      projectId: ProjectId,
      version: number,
    ): Promise<{ readonly saved: RulesVersion; readonly content: RulesContent } | undefined> {
      const rows = await rowsOf(projectId);
      const kept = rows.slice(0, KEPT_VERSIONS).find((row) => row.version === version);
      if (kept === undefined) {
        return undefined;
      }
      const [raw, tests, ...files] = await Promise.all(
        [kept.raw, kept.tests, ...kept.codeowners.map((file) => file.text)].map((ref) =>
          readText(projectId, ref),
        ),
      );
      if (raw === undefined || tests === undefined || files.includes(undefined)) {
        // Pruned while it was read.
        return undefined;
      }
      return { saved: asListed(kept), content: contentFrom(kept, { raw, tests, files }) };
    },

    /**
     * Removes the versions before the last fifty and the texts that none of those name, while no
     * other save has been made. Two round trips, one where there is nothing to remove.
     */
    async prune(projectId: ProjectId, version: number): Promise<void> {
      const rows = await rowsOf(projectId);
      const surplus = rows.slice(KEPT_VERSIONS);
      if (surplus.length === 0) {
        return;
      }
      const held = new Set(
        rows
          .slice(0, KEPT_VERSIONS)
          .flatMap(refsOf)
          .map(({ hash }) => hash),
      );
      const lost = surplus.flatMap(refsOf).filter(({ hash }) => !held.has(hash));
      const keys = [...new Map(lost.map((ref) => [ref.hash, ref])).values()].flatMap(
        ({ hash, parts }) =>
          Array.from({ length: parts }, (_, part) => ownershipKeys.keptText(projectId, hash, part)),
      );
      // The rows that name the texts go last: what is left behind by a refusal is found again.
      const surplusRows = [
        ...keys,
        ...surplus.map((row) => ownershipKeys.keptVersion(projectId, row.version)),
      ];
      for (let start = 0; start < surplusRows.length; start += TRANSACTION_LIMIT - 1) {
        const page = surplusRows.slice(start, start + TRANSACTION_LIMIT - 1);
        const outcome = await transact([
          checkIsNewest(projectId, version),
          ...page.map((Key): Write<'kept text'> => ({ name: 'kept text', delete: { Key } })),
        ]);
        if (!outcome.committed) {
          return;
        }
      }
    },
  };
}

/** Keeps a version: the row that names its texts. */
export function keepVersion(
  project: ProjectIds,
  saved: RulesVersion,
  content: RulesContent,
): Write<'kept version'> {
  const { ownership, tests, codeowners } = content;
  const { raw = null, ...settings } = ownership ?? {};
  return {
    name: 'kept version',
    put: {
      Item: {
        ...ownershipKeys.keptVersion(project.id, saved.version),
        entity: 'rulesVersion',
        organizationId: project.organizationId,
        projectId: project.id,
        ...saved,
        settings: ownership === null ? null : settings,
        raw: raw === null ? null : refTo(raw),
        tests: tests.length === 0 ? null : refTo(testsText(tests)),
        codeowners: codeowners.map((file) => {
          const { raw: fileText, ...rest } = file;
          return { ...rest, text: refTo(fileText) };
        }),
      },
    },
  };
}

/** The texts of some rules by their hashes, each once. */
export function textsOf({ ownership, tests, codeowners }: RulesContent): Map<string, string> {
  const texts = [
    ownership?.raw ?? '',
    tests.length === 0 ? '' : testsText(tests),
    ...codeowners.map(({ raw }) => raw),
  ];
  return new Map(texts.filter((one) => one !== '').map((one) => [hashOf(one), one]));
}

/** Keeps texts for the versions that name them. */
export function keepTexts(
  project: ProjectIds,
  texts: ReadonlyMap<string, string>,
): Write<'kept text'>[] {
  return [...texts].flatMap(([hash, content]) =>
    cutText(content).map(
      (part, index): Write<'kept text'> => ({
        name: 'kept text',
        put: {
          Item: {
            ...ownershipKeys.keptText(project.id, hash, index),
            entity: 'keptText',
            organizationId: project.organizationId,
            projectId: project.id,
            content: part,
          },
        },
      }),
    ),
  );
}

function checkIsNewest(projectId: ProjectId, version: number): Write<'version'> {
  return {
    name: 'version',
    check: { Key: ownershipKeys.version(projectId), ...versionIs(version) },
  };
}

function refTo(content: string): TextRef {
  return { hash: hashOf(content), parts: cutText(content).length };
}

function refsOf({ raw, tests, codeowners }: KeptVersion): TextRef[] {
  return [raw, tests, ...codeowners.map((file) => file.text)].filter((ref) => ref !== null);
}

function asListed({ version, savedAt, savedBy, changed }: KeptVersion): RulesVersion {
  return { version, savedAt, savedBy, changed };
}

function contentFrom(
  { settings, codeowners }: KeptVersion,
  texts: { raw: string; tests: string; files: readonly (string | undefined)[] },
): RulesContent {
  const { raw, tests, files } = texts;
  return {
    ownership: settings === null ? null : { ...settings, raw: raw === '' ? null : raw },
    // Written by a save, of tests that it had looked at.
    tests: tests === '' ? [] : (JSON.parse(tests) as RuleTest[]),
    codeowners: codeowners.map(({ text: _, ...file }, index) => ({
      ...file,
      raw: files[index] ?? '',
    })),
  };
}

const ref = object<TextRef>({ hash: text, parts: number });
const codeMapping = object<CodeMapping>({ sourceRoot: text, stackRoot: text });

const keptFromItem = rowReader<KeptVersion>({
  version: number,
  savedAt: text,
  savedBy: nullable(text),
  changed: list(text),
  settings: nullable(
    object<Omit<ProjectOwnership, 'raw'>>({
      autoAssignment: flag,
      suspectCommitterAutoAssignment: flag,
      fallthrough: flag,
      codeownersAutoSync: flag,
      dateCreated: text,
      lastUpdated: text,
    }),
  ),
  raw: nullable(ref),
  tests: nullable(ref),
  codeowners: list(
    object<KeptFile>({ id: text, codeMapping, dateCreated: text, dateUpdated: text, text: ref }),
  ),
});
