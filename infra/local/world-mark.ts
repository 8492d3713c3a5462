import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Says beside a kept table that a world was loaded into it, completely. */
export type WorldMark = {
  /** Names the table: one that was created anew has another stream. */
  readonly streamArn: string;
  readonly token: string;
};

/** The mark for this very table, if there is one. */
export function readWorldMark(file: string, streamArn: string): WorldMark | undefined {
  if (!existsSync(file)) {
    return undefined;
  }
  const mark = JSON.parse(readFileSync(file, 'utf8')) as WorldMark;
  return mark.streamArn === streamArn ? mark : undefined;
}

export function writeWorldMark(file: string, mark: WorldMark): void {
  writeFileSync(file, JSON.stringify(mark), { mode: 0o600 });
}
