import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  request as requestOf,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { keyIdOf, LOCAL_CREDENTIALS } from '../services/aws-json.ts';

const HOST = '127.0.0.1';
/** The maximum size of a request to DynamoDB. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
/** Longer than the pauses between invocations, in which functions keep their connections. */
const KEEP_ALIVE_MS = 60_000;
const READS = /^(?:Get|BatchGet|TransactGet|Query|Scan|Describe|List)/;

/** A call of DynamoDB, before it reaches the engine. */
export type TableCall = {
  /** Such as `PutItem`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The access key that signed the call; undefined if it is not signed. */
  readonly keyId: string | undefined;
  /** The session token that signed it, which of a function is that of one of its processes. */
  readonly callerToken?: string | undefined;
};

/** A response in the protocol of DynamoDB. An error has `__type` and `message`. */
export type TableAnswer = {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
};

/** Answers a call instead of the engine, or returns undefined. */
export type TableCheck = (
  call: TableCall,
) => TableAnswer | undefined | Promise<TableAnswer | undefined>;

type FrontOptions = {
  /** Called after each call that may have written, before its caller has the answer. */
  readonly onWrite?: () => void;
  /**
   * Called with each call that may write, before it reaches the engine; what it returns is called
   * with whether the engine took it, before `onWrite` is.
   */
  readonly watchWrite?: (call: TableCall) => (isTaken: boolean) => void;
};

/** The endpoint that the clients of the table use. */
export type TableFront = {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  stop(): Promise<void>;
};

/**
 * Listens in front of a DynamoDB engine. Checks see each call in their order, and the first one
 * that returns an answer decides. All other calls are forwarded to the engine unchanged.
 */
export async function startTableFront(
  engine: string,
  checks: readonly TableCheck[],
  { onWrite = () => {}, watchWrite = () => () => {} }: FrontOptions = {},
): Promise<TableFront> {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(engine);
  const forward = (
    request: IncomingMessage,
    body: Buffer,
    { response, onAnswer }: { response: ServerResponse; onAnswer: (isTaken: boolean) => void },
  ) => {
    const { method, url, headers } = request;
    const onward = requestOf(
      { agent, hostname, port, method, path: url, headers: asLocal(headers) },
      (answer) => {
        onAnswer(answer.statusCode === 200);
        response.writeHead(answer.statusCode ?? 500, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    // The engine is gone, perhaps after it wrote: end the connection, as the engine itself would.
    onward.on('error', () => {
      onAnswer(true);
      response.destroy();
    });
    onward.end(body);
  };

  /** Watches a call that may write; the caller says whether the engine took it. */
  const watched = (call: TableCall) => {
    const answered = watchWrite(call);
    return (isTaken: boolean) => {
      answered(isTaken);
      onWrite();
    };
  };

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    if (body.length > MAX_REQUEST_BYTES) {
      response.writeHead(413);
      response.end();
      return;
    }
    return answer(request, body, response);
  };

  const answer = async (request: IncomingMessage, body: Buffer, response: ServerResponse) => {
    const call = readCall(request, body);
    const mayWrite = call !== undefined && !READS.test(call.operation);
    const found = call && (await firstAnswer(checks, call));
    if (found === undefined) {
      return forward(request, body, { response, onAnswer: mayWrite ? watched(call) : () => {} });
    }
    if (mayWrite) {
      // A check may have written a part of a batch.
      onWrite();
    }
    return answerWith(response, found);
  };

  const server = createServer((request, response) => {
    // This fails only when the client closes the connection while sending.
    serve(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(0, HOST);
  await once(server, 'listening');

  return {
    endpoint: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    async stop(): Promise<void> {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

/** The answer of the first check that has one. */
async function firstAnswer(
  checks: readonly TableCheck[],
  call: TableCall,
): Promise<TableAnswer | undefined> {
  for (const check of checks) {
    const answer = await check(call);
    if (answer) {
      return answer;
    }
  }
  return undefined;
}

/** Undefined for a request that is not in the protocol of DynamoDB, which the engine refuses. */
function readCall({ headers }: IncomingMessage, body: Buffer): TableCall | undefined {
  const [, operation] = String(headers['x-amz-target'] ?? '').split('DynamoDB_20120810.');
  if (!operation) {
    return undefined;
  }
  try {
    const input: unknown = JSON.parse(body.toString());
    return typeof input === 'object' && input !== null && !Array.isArray(input)
      ? {
          ...{ operation, input: { ...input }, keyId: keyIdOf(headers) },
          callerToken: headers['x-amz-security-token']?.toString(),
        }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Signs all calls with the same access key: DynamoDB Local keeps separate tables for each. */
function asLocal({ authorization, ...headers }: IncomingMessage['headers']) {
  return {
    ...headers,
    ...(authorization !== undefined && {
      authorization: authorization.replace(
        /Credential=[^/]*/,
        `Credential=${LOCAL_CREDENTIALS.accessKeyId}`,
      ),
    }),
  };
}

function answerWith(response: ServerResponse, { status, body }: TableAnswer): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(body));
}
