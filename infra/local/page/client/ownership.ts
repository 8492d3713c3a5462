import { type Connection, call } from './api.ts';
import type { Actor } from './types.ts';

/** Something in a text of rules that has no effect, or another one than its words say. */
export type Diagnostic = {
  readonly source: string;
  readonly line: number;
  /** Counted in code points, from 1. */
  readonly column: number;
  readonly kind: string;
  readonly message: string;
  readonly suggestion: string | null;
};

type Ownership = {
  readonly raw: string | null;
  readonly autoAssignment: string;
  readonly diagnostics: readonly Diagnostic[];
};

type TestResult = {
  readonly name: string;
  readonly passed: boolean;
  readonly expected: string | null;
  readonly got: string | null;
};

/** What rules that are not saved would do with the open issues of a project. */
export type Preview = {
  readonly checked: number;
  readonly unchanged: number;
  readonly moved: readonly {
    readonly issue: string;
    readonly shortId: string;
    readonly from: Actor | null;
    readonly to: Actor | null;
    readonly rule: string | null;
  }[];
  readonly unowned: readonly string[];
  readonly withoutEvent: number;
  readonly tests: readonly TestResult[];
  readonly diagnostics: readonly Diagnostic[];
  readonly truncated: boolean;
};

/** The rules of a project, and the version that a save is meant to replace. */
export type SavedRules = { readonly ownership: Ownership; readonly etag: string | undefined };

const ownershipOf = ({ organization }: Connection, project: string) =>
  `/projects/${organization}/${encodeURIComponent(project)}/ownership/`;

export async function readRules(
  connection: Connection,
  project: string,
  signal: AbortSignal,
): Promise<SavedRules> {
  const path = ownershipOf(connection, project);
  return savedRules(await call<Ownership>(connection.token, path, { signal }));
}

/** Saves rules, if nobody has saved others since they were read. */
export async function saveRules(
  connection: Connection,
  project: string,
  { raw, etag }: { readonly raw: string; readonly etag: string | undefined },
): Promise<SavedRules> {
  const path = ownershipOf(connection, project);
  return savedRules(
    await call<Ownership>(connection.token, path, { method: 'PUT', body: { raw }, ifMatch: etag }),
  );
}

export async function previewRules(
  connection: Connection,
  project: string,
  { raw, signal }: { readonly raw: string; readonly signal: AbortSignal },
): Promise<Preview> {
  const path = `${ownershipOf(connection, project)}preview/`;
  const request = { method: 'POST', body: { raw }, signal } as const;
  return (await call<Preview>(connection.token, path, request)).body;
}

function savedRules({
  body,
  headers,
}: {
  readonly body: Ownership;
  readonly headers: Headers;
}): SavedRules {
  return { ownership: body, etag: headers.get('etag') ?? undefined };
}
