import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import type { Root } from '../services/in-flight.ts';
import type { Causes } from '../services/observation.ts';

const WRITE_DELAY_MS = 50;

/** A position in the stream: all work that followed from the records up to this one has ended. */
export type Position = { readonly shardId: string; readonly sequenceNumber: string };

type Stored = Position & { readonly streamArn: string };

export type Checkpoint = ReturnType<typeof createCheckpoint>;

/**
 * The position up to which all work that followed from the records (invocations, events, messages)
 * has ended. With `file` it is kept between processes, and the next one continues after it.
 */
export function createCheckpoint(streamArn: string, file: string | undefined) {
  /** In the order of the stream. Finished records at the head are removed. */
  let records: { shardId: string; sequenceNumber: string; finished: boolean }[] = [];
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
    for (let record = records[head]; record?.finished; record = records[head]) {
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
    /** The position to continue after; undefined for a stream that was not read before. */
    position: () => position,
    /** Adds a record that was read, with what it follows from. It is finished when its root is. */
    open(record: Position, causes: Causes): Root {
      const entry = { ...record, finished: false };
      records.push(entry);
      return {
        open: 0,
        causes,
        onFinished() {
          entry.finished = true;
          advance();
        },
      };
    },
    /** Adds a record that no mapping wants, which is finished. */
    pass(record: Position): void {
      const last = records.at(-1);
      // Consecutive ones share one entry: while an older record is open, the list must not grow
      // with the traffic of the table.
      if (last?.finished) {
        Object.assign(last, record);
      } else {
        records.push({ ...record, finished: true });
      }
      advance();
    },
    /** Resolves when the last position is in the file. */
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
  // The position belongs to another stream: the table was created anew.
  return known === streamArn ? position : undefined;
}
