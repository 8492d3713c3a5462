import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import type { Root } from '../services/in-flight.ts';

const WRITE_DELAY_MS = 50;

/** How far everything is settled: this record and all before it. */
export type Position = { readonly shardId: string; readonly sequenceNumber: string };

type Stored = Position & { readonly streamArn: string };

export type Checkpoint = ReturnType<typeof createCheckpoint>;

/**
 * Remembers how far a stream has been dealt with: the last record before which, itself included,
 * everything that followed (invocations, events, messages) has come to its end. With `file` it
 * survives this process, so that the next one begins with the first record that may not have been
 * dealt with.
 */
export function createCheckpoint(streamArn: string, file: string | undefined) {
  /** In the order of the stream; those at the head that are settled are taken off. */
  let records: { shardId: string; sequenceNumber: string; settled: boolean }[] = [];
  let head = 0;
  let position = file ? readPosition(file, streamArn) : undefined;
  let writing: Promise<void> | undefined;
  let dirty = false;

  const write = async () => {
    while (dirty && file && position) {
      dirty = false;
      const stored: Stored = { streamArn, ...position };
      await writeFile(`${file}.new`, JSON.stringify(stored));
      await rename(`${file}.new`, file);
      await new Promise((resolve) => setTimeout(resolve, WRITE_DELAY_MS));
    }
    writing = undefined;
  };

  const advance = () => {
    let last: Position | undefined;
    for (let record = records[head]; record?.settled; record = records[head]) {
      last = record;
      head += 1;
    }
    if (!last) {
      return;
    }
    if (head > 1_000 || head === records.length) {
      records = records.slice(head);
      head = 0;
    }
    position = { shardId: last.shardId, sequenceNumber: last.sequenceNumber };
    dirty = true;
    if (file) {
      writing ??= write();
    }
  };

  return {
    /** Where to go on; undefined for a stream that nothing is known of. */
    position: () => position,
    /** A record was read. It is settled when the root is. */
    open(record: Position): Root {
      const entry = { ...record, settled: false };
      records.push(entry);
      return {
        open: 0,
        onSettled() {
          entry.settled = true;
          advance();
        },
      };
    },
    /** A record was read that concerns nobody. */
    pass(record: Position): void {
      const last = records.at(-1);
      // Many in a row are one: while an old record stays open, this list must not grow with the
      // table's traffic.
      if (last?.settled) {
        Object.assign(last, record);
      } else {
        records.push({ ...record, settled: true });
      }
      advance();
    },
    /** Resolves when the file holds the last position. */
    async flush(): Promise<void> {
      await writing;
    },
  };
}

function readPosition(file: string, streamArn: string): Position | undefined {
  if (!existsSync(file)) {
    return undefined;
  }
  const { streamArn: known, ...position } = JSON.parse(readFileSync(file, 'utf8')) as Stored;
  // Another stream's position says nothing about this one.
  return known === streamArn ? position : undefined;
}
