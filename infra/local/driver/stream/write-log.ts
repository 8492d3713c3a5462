import type { TableCall } from '../engines/table-front.ts';
import { causesNamed } from '../services/in-flight.ts';
import type { Causes, Observe, SeenItem } from '../services/observation.ts';
import type { StreamRecord } from './stream.ts';

/** A call that may have written, from before it reaches the engine until its records are read. */
type OpenWrite = {
  readonly call: TableCall;
  readonly causes: Causes;
  /** The keys whose records have not been read. */
  readonly missing: Set<string>;
  readonly items: SeenItem[];
  /** How many reads of the stream had begun when the engine answered; undefined before. */
  answeredAfter: number | undefined;
};

type WriteLogOptions = {
  /** The attributes of the table's key. */
  readonly keyAttributes: readonly string[];
  /** What the work follows from that signs its calls with this session token. */
  readonly causesOf: (callerToken: string | undefined) => Causes;
  readonly observe: Observe;
};

export type WriteLog = ReturnType<typeof createWriteLog>;

/**
 * Finds out which call wrote a record of the stream, which itself does not say so, and tells what
 * each call has written.
 *
 * A record belongs to the oldest open call that names its key. A call is open from before it
 * reaches the engine until the records of all its keys were read, or a read that began after its
 * answer has ended: what that has not brought was not written, because nothing changed. So only
 * calls under way and those of one read are kept.
 */
export function createWriteLog({ keyAttributes, causesOf, observe }: WriteLogOptions) {
  const openByKey = new Map<string, Set<OpenWrite>>();
  const open = new Set<OpenWrite>();
  let reads = 0;
  let isReading = false;

  const keyText = (item: Readonly<Record<string, unknown>>): string =>
    JSON.stringify(keyAttributes.map((name) => item[name]));

  const forgetKey = (write: OpenWrite, key: string) => {
    const writes = openByKey.get(key);
    writes?.delete(write);
    if (writes?.size === 0) {
      openByKey.delete(key);
    }
  };

  const forget = (write: OpenWrite) => {
    open.delete(write);
    for (const key of write.missing) {
      forgetKey(write, key);
    }
  };

  /** Tells of a write with all of its records, or with those that there are. */
  const close = (write: OpenWrite) => {
    forget(write);
    const { call, causes, items } = write;
    if (items.length > 0) {
      const { keyId: writer, operation } = call;
      observe({ what: 'write', causes, writer, operation, items });
    }
  };

  /** The call that wrote the record; undefined for one past the front, or before the start. */
  const takeOne = (record: StreamRecord): OpenWrite | undefined => {
    const key = keyText(record.dynamodb.Keys);
    const [write] = openByKey.get(key) ?? [];
    if (write === undefined) {
      return undefined;
    }
    write.items.push(itemOf(record));
    write.missing.delete(key);
    forgetKey(write, key);
    if (write.missing.size === 0) {
      close(write);
    }
    return write;
  };

  return {
    /** Adds a call that may write; the caller says whether the engine took it. */
    watch(call: TableCall): (isTaken: boolean) => void {
      const missing = new Set(writtenKeys(call).map(keyText));
      if (!isReading || missing.size === 0) {
        return () => {};
      }
      const { callerToken, input } = call;
      const causes = causesNamed(causesOf(callerToken), () => JSON.stringify(input));
      const write: OpenWrite = { call, causes, missing, items: [], answeredAfter: undefined };
      open.add(write);
      for (const key of missing) {
        const writes = openByKey.get(key) ?? new Set();
        openByKey.set(key, writes.add(write));
      }
      return (isTaken) => {
        write.answeredAfter = reads;
        if (!isTaken) {
          forget(write);
        }
      };
    },
    /** Takes the records of a read, and returns what each of them follows from. */
    take(records: readonly StreamRecord[]): Causes[] {
      const unknown: SeenItem[] = [];
      const causes = records.map((record) => {
        const write = takeOne(record);
        if (write === undefined) {
          unknown.push(itemOf(record));
        }
        return write?.causes ?? [];
      });
      if (unknown.length > 0) {
        const nobody = { writer: undefined, operation: undefined };
        observe({ what: 'write', causes: [], ...nobody, items: unknown });
      }
      return causes;
    },
    /** Begins a read of the stream; the caller says at its end whether it brought all there was. */
    beginRead(): (isWhole: boolean) => void {
      isReading = true;
      reads += 1;
      const read = reads;
      return (isWhole) => {
        for (const write of open) {
          if (isWhole && write.answeredAfter !== undefined && write.answeredAfter < read) {
            close(write);
          }
        }
      };
    },
  };
}

/** The item of a record, as those who watch see it. */
export function itemOf({ dynamodb }: StreamRecord): SeenItem {
  const { Keys: keys, OldImage: before, NewImage: after } = dynamodb;
  return { keys, before, after };
}

type Attributes = Readonly<Record<string, unknown>>;
type Action = { readonly Item?: Attributes; readonly Key?: Attributes };

/** The keys, or the items with them, that a call writes. */
function writtenKeys({ operation, input }: TableCall): readonly Attributes[] {
  const actions = actionsOf(operation, input);
  return actions.map(({ Item, Key }) => Item ?? Key).filter((item) => item !== undefined);
}

function actionsOf(operation: string, input: Readonly<Record<string, unknown>>): Action[] {
  switch (operation) {
    case 'TransactWriteItems':
      return partsOf(input.TransactItems).flatMap(({ Put, Update, Delete }) =>
        [Put, Update, Delete].filter((action) => action !== undefined),
      );
    case 'BatchWriteItem':
      return Object.values((input.RequestItems ?? {}) as Record<string, unknown>)
        .flatMap(partsOf)
        .flatMap(({ PutRequest, DeleteRequest }) =>
          [PutRequest, DeleteRequest].filter((action) => action !== undefined),
        );
    default:
      return [input as Action];
  }
}

/** The parts of a call, each of which names its action; none of something that is no list. */
const partsOf = (list: unknown) => (Array.isArray(list) ? list : []) as Record<string, Action>[];
