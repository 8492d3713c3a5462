import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { WorldSession } from '../world/load.ts';

/** The record beside a kept table that a world was loaded into it completely. */
export type SeededWorld = {
  /** Identifies the table: a table that is created anew has another stream. */
  readonly streamArn: string;
  readonly token: string;
  readonly session: WorldSession;
};

/** What earlier versions have written has no session. */
type Recorded = Omit<SeededWorld, 'session'> & Partial<SeededWorld>;

/** The record for this table, if there is one. */
export function readSeededWorld(file: string, streamArn: string): SeededWorld | undefined {
  if (!existsSync(file)) {
    return undefined;
  }
  const seeded = JSON.parse(readFileSync(file, 'utf8')) as Recorded;
  const { token, session = { organizations: [], tokens: [{ token, holder: null }] } } = seeded;
  return seeded.streamArn === streamArn ? { streamArn, token, session } : undefined;
}

/** Writes the record, readable by its owner only: it contains tokens. */
export function writeSeededWorld(file: string, seeded: SeededWorld): void {
  writeFileSync(file, JSON.stringify(seeded), { mode: 0o600 });
}
