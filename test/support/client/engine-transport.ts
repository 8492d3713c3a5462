import { connect, type Socket } from 'node:net';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

type Logger = NonNullable<DynamoDBClientConfig['logger']>;

/** What the engine wants to see of a signature; it verifies none. */
const UNSIGNED = [
  'authorization: AWS4-HMAC-SHA256 Credential=local/20200101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date: 20200101T000000Z',
];
const LINE_END = '\r\n';
const END_OF_HEAD = LINE_END + LINE_END;

type Request = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
};

type Response = {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
};

/**
 * Sends the calls of an SDK client to the embedded engine, unsigned and over plain sockets. Signing
 * and the general HTTP client are more than half of the CPU of a call. Whatever is deployed calls
 * the table as in AWS: the handlers of the tests of functions and of the end-to-end tests.
 */
export function engineTransport(
  endpoint: string,
): Pick<DynamoDBClientConfig, 'requestHandler' | 'signer' | 'logger'> {
  const { hostname, port } = new URL(endpoint);
  const idle: Connection[] = [];
  const open = new Set<Connection>();

  const connection = (): Connection => {
    const created = connectTo(hostname, Number(port), () => {
      open.delete(created);
      const position = idle.indexOf(created);
      if (position >= 0) {
        idle.splice(position, 1);
      }
    });
    open.add(created);
    return created;
  };

  return {
    // The SDK copies each call and its output for a logger, also for its own that logs nothing.
    logger: {} as Logger,
    signer: { sign: async (request) => request },
    requestHandler: {
      async handle({ headers, body }: Request) {
        const used = idle.pop() ?? connection();
        const bytes = typeof body === 'string' ? Buffer.from(body) : body;
        const head = [
          'POST / HTTP/1.1',
          `host: ${hostname}`,
          `content-type: ${headers['content-type']}`,
          `x-amz-target: ${headers['x-amz-target']}`,
          `content-length: ${bytes.byteLength}`,
          ...UNSIGNED,
          LINE_END,
        ].join(LINE_END);
        const response = await used.exchange(Buffer.concat([Buffer.from(head), bytes]));
        idle.push(used);
        return { response };
      },
      destroy(): void {
        for (const { close } of open) {
          close();
        }
      },
    },
  };
}

/** A socket that carries one call at a time. */
type Connection = {
  exchange(request: Uint8Array): Promise<Response>;
  close(): void;
};

function connectTo(host: string, port: number, onClose: () => void): Connection {
  const socket: Socket = connect(port, host).setNoDelay(true);
  let received: Buffer = Buffer.alloc(0);
  let waiting: PromiseWithResolvers<Response> | undefined;
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const response = responseOf(received);
    if (response !== undefined) {
      received = Buffer.alloc(0);
      // An idle connection does not keep the process alive.
      socket.unref();
      waiting?.resolve(response);
      waiting = undefined;
    }
  });
  socket.on('error', (error) => waiting?.reject(error));
  socket.on('close', () => {
    onClose();
    waiting?.reject(new Error(`The engine at ${host}:${port} closed the connection.`));
  });
  return {
    exchange(request) {
      waiting = Promise.withResolvers();
      socket.ref();
      socket.write(request);
      return waiting.promise;
    },
    close: () => void socket.destroy(),
  };
}

/** The response once all of it has arrived. The engine says the length of every body. */
function responseOf(received: Buffer): Response | undefined {
  const end = received.indexOf(END_OF_HEAD);
  if (end < 0) {
    return undefined;
  }
  const [status = '', ...lines] = received.toString('latin1', 0, end).split(LINE_END);
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = received.subarray(end + END_OF_HEAD.length);
  const length = Number(headers['content-length']);
  if (Number.isNaN(length)) {
    throw new Error(`The engine did not say how long its response is: ${status}`);
  }
  return body.length < length
    ? undefined
    : { statusCode: Number(status.split(' ')[1]), headers, body };
}
