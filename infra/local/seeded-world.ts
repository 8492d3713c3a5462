import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Says beside a kept table that a world was loaded into it, completely. */
export type SeededWorld = {
  /** Names the table: one that was created anew has another stream. */
  readonly streamArn: string;
  readonly token: string;
};

/** The mark for this very table, if there is one. */
export function readSeededWorld(file: string, streamArn: string): SeededWorld | undefined {
  if (!existsSync(file)) {
    return undefined;
  }
  const seeded = JSON.parse(readFileSync(file, 'utf8')) as SeededWorld;
  return seeded.streamArn === streamArn ? seeded : undefined;
}

export function writeSeededWorld(file: string, seeded: SeededWorld): void {
  writeFileSync(file, JSON.stringify(seeded), { mode: 0o600 });
}
