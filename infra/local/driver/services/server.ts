import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** API Gateway's limit for a body. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** Large enough that a URL or headers that are too long can be told so. */
const MAX_HEADER_BYTES = 256 * 1024;
const KEEP_ALIVE_MS = 60_000;
const HOST = '127.0.0.1';

/** Answers a request. `body` is undefined when it was larger than 10 MB. */
export type Handler = (
  request: IncomingMessage,
  body: string | undefined,
  response: ServerResponse,
) => Promise<void> | void;

export type Server = Awaited<ReturnType<typeof startServer>>;

/**
 * Listens at once, so that a port that is taken is known before anything else is started. Until
 * there is a handler, everything is answered with 503.
 *
 * @param port 0 chooses a free one
 * @throws Error with a sentence when the port is taken or not allowed.
 */
export async function startServer(port: number, warn: (line: string) => void) {
  let handler: Handler = (_, __, response) => answerJson(response, 503, { detail: 'Starting' });
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    void serve(request, response);
  });

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      const body = await readBody(request);
      await handler(request, body, response);
    } catch (error) {
      // A caller that went away needs no answer.
      if (request.destroyed && !request.complete) {
        return;
      }
      if (!response.headersSent) {
        answerJson(response, 500, { detail: String(error) });
      }
      warn(`${request.method} ${pathOf(request)}: ${String(error)}`);
    }
  };

  // The children's clients keep their connections through pauses between invocations.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(port, HOST);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new Error(LISTEN_ERRORS[error.code ?? '']?.(port) ?? error.message, { cause: error });
  });
  const url = `http://${HOST}:${(server.address() as AddressInfo).port}`;

  return {
    url,
    setHandler(next: Handler): void {
      handler = next;
    },
    async stop(): Promise<void> {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const LISTEN_ERRORS: Record<string, (port: number) => string> = {
  EADDRINUSE: (port) => `Port ${port} is taken. Choose another one: npm start -- --port N`,
  EACCES: (port) => `Port ${port} needs rights that you do not have. Choose one above 1023.`,
};

/**
 * Undefined when the body is too large; the rest of it is read and thrown away, so that the answer
 * arrives.
 */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) {
      chunks.push(chunk);
    } else {
      chunks.length = 0;
    }
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

/** The path of a request as it came, without the query. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?')[0] ?? '';
}

/** Writes a JSON answer. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
