import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createCommandReader,
  createReplyReader,
  encodeError,
  encodeReply,
  type ReplyValue,
} from '../../../../../infra/local/driver/engines/resp.ts';

/** Any way in which a network may cut a stream of bytes. */
const cuts = fc.array(fc.nat(64), { maxLength: 40 });

function inChunks(bytes: Buffer, sizes: number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
}

const argument = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const command = fc.array(argument, { minLength: 1, maxLength: 5 });

const encodeCommand = (args: Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from(`*${args.length}\r\n`),
    ...args.flatMap((arg) => [Buffer.from(`$${arg.length}\r\n`), arg, Buffer.from('\r\n')]),
  ]);

const { value: replyValue } = fc.letrec<{ value: ReplyValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.integer(),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
}));

describe('reading the Redis protocol', () => {
  it('finds the same commands however the network cuts them, and keeps their bytes', () => {
    fc.assert(
      fc.property(fc.array(command), cuts, (commands, sizes) => {
        const sent = Buffer.concat(commands.map(encodeCommand));
        const read = inChunks(sent, sizes).flatMap(createCommandReader());
        expect(read.map(({ args }) => args)).toEqual(commands);
        expect(Buffer.concat(read.map(({ raw }) => raw))).toEqual(sent);
      }),
    );
  });

  it('finds the same replies however the network cuts them', () => {
    fc.assert(
      fc.property(fc.array(replyValue), cuts, (values, sizes) => {
        const replies = values.map(encodeReply);
        expect(inChunks(Buffer.concat(replies), sizes).flatMap(createReplyReader())).toEqual(
          replies,
        );
      }),
    );
  });

  it.each([
    ['a null', '$-1\r\n'],
    ['a null list', '*-1\r\n'],
    ['an error', encodeError('CROSSSLOT no').toString()],
    ['a map of two pairs', '%2\r\n+a\r\n:1\r\n+b\r\n*1\r\n$1\r\nx\r\n'],
    ['a reply with attributes before it', '|1\r\n+ttl\r\n:9\r\n$1\r\nx\r\n'],
    ['a message sent unasked', '>2\r\n+invalidate\r\n*1\r\n$1\r\nx\r\n'],
    ['a text with its format', '=7\r\ntxt:abc\r\n'],
  ])('takes %s for one reply', (_, reply) => {
    const read = createReplyReader();
    expect([...reply].flatMap((byte) => read(Buffer.from(byte))).map(String)).toEqual([reply]);
  });

  it('reads what a person types on a line', () => {
    const [typed, empty] = createCommandReader()(Buffer.from('cluster  info\r\n\n'));
    expect(typed?.args.map(String)).toEqual(['cluster', 'info']);
    expect(empty?.args).toEqual([]);
  });
});
