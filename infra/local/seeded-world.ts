import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** The record beside a kept table that a world was loaded into it completely. */
export type SeededWorld = {
  /** Identifies the table: a table that is created anew has another stream. */
  readonly streamArn: string;
  readonly token: string;
};

/** The record for this table, if there is one. */
export function readSeededWorld(file: string, streamArn: string): SeededWorld | undefined {
  if (!existsSync(file)) {
    return undefined;
  }
  const seeded = JSON.parse(readFileSync(file, 'utf8')) as SeededWorld;
  return seeded.streamArn === streamArn ? seeded : undefined;
}

/** Writes the record, readable by its owner only: it contains a token. */
export function writeSeededWorld(file: string, seeded: SeededWorld): void {
  writeFileSync(file, JSON.stringify(seeded), { mode: 0o600 });
}
