/**
 * Which of a command's arguments are keys, and the slot of a key. The positions come from the
 * engine itself: the reply to `COMMAND` describes them for every command and subcommand that it
 * knows, scripts and stream reads included.
 */

const SLOT_COUNT = 16_384;

/** Gives the keys of a command (its name and arguments); none for a command that is unknown. */
export type KeysOf = (args: readonly Buffer[]) => Buffer[];

/** An entry of the reply to `COMMAND`: name, ..., key specifications at 8, subcommands at 9. */
type CommandEntry = readonly unknown[];

type KeySpec = {
  begin: { type: 'index'; index: number } | { type: 'keyword'; keyword: string; from: number };
  find:
    | { type: 'range'; last: number; step: number; limit: number }
    | { type: 'keynum'; countAt: number; first: number; step: number };
};

/**
 * @param reply the reply to `COMMAND` of a server of version 7 or later, in version 2 of the
 * protocol.
 */
export function createKeysOf(reply: readonly CommandEntry[]): KeysOf {
  const specs = new Map<string, KeySpec[]>();
  const learn = (entry: CommandEntry) => {
    specs.set(String(entry[0]).toLowerCase(), (entry[8] as unknown[]).flatMap(toKeySpec));
    for (const subcommand of (entry[9] ?? []) as CommandEntry[]) {
      learn(subcommand);
    }
  };
  reply.forEach(learn);

  return (args) => {
    const name = String(args[0]).toLowerCase();
    // The subcommands of XINFO, OBJECT and their like are known as `xinfo|stream`.
    const found = specs.get(`${name}|${String(args[1]).toLowerCase()}`) ?? specs.get(name) ?? [];
    return found.flatMap((spec) => keysBySpec(spec, args));
  };
}

function toKeySpec(raw: unknown): KeySpec[] {
  const spec = toRecord(raw);
  const begin = toRecord(spec.begin_search);
  const find = toRecord(spec.find_keys);
  const beginAt = toRecord(begin.spec);
  const findBy = toRecord(find.spec);
  // `unknown` marks the few positions that only the command's own code can tell, as in SORT ...
  // STORE.
  if (begin.type === 'unknown' || find.type === 'unknown') {
    return [];
  }
  return [
    {
      begin:
        begin.type === 'index'
          ? { type: 'index', index: Number(beginAt.index) }
          : { type: 'keyword', keyword: String(beginAt.keyword), from: Number(beginAt.startfrom) },
      find:
        find.type === 'range'
          ? {
              type: 'range',
              last: Number(findBy.lastkey),
              step: Number(findBy.keystep),
              limit: Number(findBy.limit),
            }
          : {
              type: 'keynum',
              countAt: Number(findBy.keynumidx),
              first: Number(findBy.firstkey),
              step: Number(findBy.keystep),
            },
    },
  ];
}

/** The protocol's version 2 writes a map as a flat list. */
function toRecord(flat: unknown): Record<string, unknown> {
  const list = (flat ?? []) as unknown[];
  const record: Record<string, unknown> = {};
  for (let at = 0; at + 1 < list.length; at += 2) {
    record[String(list[at])] = list[at + 1];
  }
  return record;
}

function keysBySpec({ begin, find }: KeySpec, args: readonly Buffer[]): Buffer[] {
  const start = begin.type === 'index' ? begin.index : afterKeyword(begin, args);
  if (start === undefined) {
    return [];
  }
  if (find.type === 'keynum') {
    const count = Number(args[start + find.countAt]);
    const first = start + find.first;
    return args.slice(first, first + count * find.step).filter((_, at) => at % find.step === 0);
  }
  return args
    .slice(start, endOfRange(find, start, args.length))
    .filter((_, at) => at % find.step === 0);
}

function afterKeyword(
  { keyword, from }: { keyword: string; from: number },
  args: readonly Buffer[],
): number | undefined {
  const wanted = keyword.toLowerCase();
  const isKeyword = (arg: Buffer | undefined) => String(arg).toLowerCase() === wanted;
  // A negative start counts from the end and looks backwards.
  const at =
    from >= 0
      ? args.findIndex((arg, index) => index >= from && isKeyword(arg))
      : lastIndexUpTo(args, from, isKeyword);
  return at < 0 ? undefined : at + 1;
}

function lastIndexUpTo(
  args: readonly Buffer[],
  from: number,
  accept: (arg: Buffer | undefined) => boolean,
) {
  let at = args.length + from;
  while (at >= 0 && !accept(args[at])) {
    at -= 1;
  }
  return at;
}

/**
 * `last` is relative to the start, or negative from the end; with -1 a limit of 2 means half of
 * what is left.
 */
function endOfRange(find: { last: number; limit: number }, start: number, length: number): number {
  if (find.last >= 0) {
    return start + find.last + 1;
  }
  if (find.last === -1 && find.limit > 1) {
    return start + Math.floor((length - start) / find.limit);
  }
  return length + find.last + 1;
}

/** The slot of a key: of the text in its first braces when there is some, else of all of it. */
export function slotOf(key: Buffer): number {
  const open = key.indexOf('{');
  const close = open < 0 ? -1 : key.indexOf('}', open + 1);
  const hashed = close > open + 1 ? key.subarray(open + 1, close) : key;
  return crc16(hashed) % SLOT_COUNT;
}

/** CRC-16/XMODEM: polynomial 0x1021, from 0. */
function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
    }
  }
  return crc;
}
