import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The maximum size of a body for API Gateway. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
/**
 * Larger than the limit of API Gateway, so that the gateway can answer longer requests with an
 * error.
 */
const MAX_HEADER_BYTES = 256 * 1024;
const KEEP_ALIVE_MS = 60_000;
const HOST = '127.0.0.1';

/** Answers a request. `body` is undefined if it was larger than 10 MB. */
export type Handler = (
  request: IncomingMessage,
  body: Buffer | undefined,
  response: ServerResponse,
) => Promise<void> | void;

export type Server = Awaited<ReturnType<typeof startServer>>;

/**
 * Starts to listen, before anything else is started, so that a port in use is noticed first. Until
 * a handler is set, every request is answered with 503.
 *
 * @param port 0 for a free port
 * @throws Error that says so when the port is in use or not permitted
 */
export async function startServer(port: number, warn: (line: string) => void) {
  let handler: Handler = (_, __, response) =>
    answerJson(response, 503, { detail: 'The local stack is starting.' });
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    void serve(request, response);
  });

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      const body = await readBody(request);
      await handler(request, body, response);
    } catch (error) {
      // A caller that has closed the connection gets no answer.
      if (request.destroyed && !request.complete) {
        return;
      }
      if (!response.headersSent) {
        answerJson(response, 500, { detail: String(error) });
      }
      warn(`${request.method} ${pathOf(request)}: ${String(error)}`);
    }
  };

  // Longer than the pauses between invocations, in which functions keep their connections.
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
  EADDRINUSE: (port) => `Port ${port} is in use. Choose another one: npm start -- --port N`,
  EACCES: (port) =>
    `You may not listen on port ${port}. Choose one above 1023: npm start -- --port N`,
};

/** Undefined for a body over 10 MB, which is read to its end, so that the answer arrives. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
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
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

/** The path of a request without its query. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?')[0] ?? '';
}

/** Sends a JSON answer. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
