import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type DoubleRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  /** What the route's expression captured, decoded. */
  readonly captured: readonly string[];
};

export type DoubleAnswer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** `METHOD`, an expression over the path, and what to answer. */
export type DoubleRoute = readonly [string, RegExp, (request: DoubleRequest) => DoubleAnswer];

export type RunningServer = { readonly url: string; readonly stop: () => Promise<void> };

/** A tiny JSON server on loopback; what no route matches is 404. */
export async function startDouble(
  routes: readonly DoubleRoute[],
  before: (request: DoubleRequest) => DoubleAnswer | null = () => null,
): Promise<RunningServer> {
  return await startServer(async (message, response) => {
    const url = new URL(message.url ?? '/', 'http://double');
    const text = await readText(message);
    const request = {
      method: message.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: message.headers,
      body: text === '' ? null : JSON.parse(text),
      captured: [],
    };
    const answer = before(request) ?? dispatch(routes, request);
    const { 'content-type': type, ...headers } = answer.headers ?? {};
    response.writeHead(answer.status, { ...headers, 'content-type': type ?? 'application/json' });
    response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
  });
}

function dispatch(routes: readonly DoubleRoute[], request: DoubleRequest): DoubleAnswer {
  for (const [method, expression, handle] of routes) {
    const match = expression.exec(request.path);
    if (method === request.method && match !== null) {
      return handle({ ...request, captured: match.slice(1).map(decodeURIComponent) });
    }
  }
  return { status: 404, body: { message: 'Not Found' } };
}

/** A server on a free port of 127.0.0.1. */
export async function startServer(
  handle: (message: IncomingMessage, response: ServerResponse) => Promise<void> | void,
): Promise<RunningServer> {
  const server = createServer((message, response) => {
    void Promise.resolve(handle(message, response)).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
