import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call of SQS, as a function made it. */
type SqsCall = {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
};

/** A server that takes every call of SQS for a success, and remembers it. */
export async function startRecordingSqs() {
  const calls: SqsCall[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
    const operation = String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
    const input = JSON.parse(Buffer.concat(chunks).toString()) as SqsCall['input'];
    calls.push({ operation, input });
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify(answerTo(input)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    /** The calls so far, which then are forgotten. */
    take: () => calls.splice(0),
    async stop(): Promise<void> {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The client holds what it sent against the digest of what arrived. */
function answerTo({ MessageBody, Entries }: SqsCall['input']): object {
  if (typeof MessageBody === 'string') {
    return { MessageId: '1', MD5OfMessageBody: md5(MessageBody) };
  }
  if (!Array.isArray(Entries)) {
    return {};
  }
  const Successful = Entries.map(({ Id, MessageBody: body }) => ({
    Id,
    MessageId: Id,
    MD5OfMessageBody: md5(body),
  }));
  return { Successful, Failed: [] };
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
