/**
 * Tells the stack which calls a function makes: its requests to other hosts than the services of
 * the stack, and its commands to the cache. Node and the client of the cache publish both on
 * diagnostics channels; nothing of the function is changed.
 */
import { subscribe, tracingChannel } from 'node:diagnostics_channel';

/** What of a body is told; the stack shows less. */
const MAX_BODY_CHARACTERS = 4_096;
const MAX_ARGS = 100;

const services = new Set(
  Object.entries(process.env)
    .filter(([name]) => name.startsWith('AWS_ENDPOINT_URL_'))
    .map(([, url]) => new URL(url).host),
);
/** The requests under way to other hosts, with the body that they have sent so far. */
const requests = new Map();

/** Has `tell` called with each call, after its answer; see `SeenCall` of observation.ts. */
export function observeCalls(tell) {
  subscribe('http.client.request.created', ({ request }) => {
    if (services.has(request.host) || services.has(String(request.getHeader('host')))) {
      return;
    }
    requests.set(request, readBody(request));
  });
  const end = (request, status) => {
    const bodyOf = requests.get(request);
    if (bodyOf !== undefined && requests.delete(request)) {
      const { method, protocol, path } = request;
      const url = `${protocol}//${request.getHeader('host') ?? request.host}${path}`;
      tell({ kind: 'http', method, url, body: bodyOf(), status });
    }
  };
  subscribe('http.client.response.finish', ({ request, response }) =>
    end(request, response.statusCode),
  );
  subscribe('http.client.request.error', ({ request }) => end(request, null));

  tracingChannel('ioredis:command').subscribe({
    asyncEnd({ command, args, result, error }) {
      if (error === undefined) {
        tell({ kind: 'cache', command, args: args.slice(0, MAX_ARGS).map(String), result });
      }
    },
  });
}

/** Reads along what the request sends; returns a function that gives its beginning. */
function readBody(request) {
  let body = '';
  for (const name of ['write', 'end']) {
    const send = request[name];
    request[name] = function (chunk, ...rest) {
      if (typeof chunk === 'string' && body.length < MAX_BODY_CHARACTERS) {
        body += chunk.slice(0, MAX_BODY_CHARACTERS);
      }
      return send.call(this, chunk, ...rest);
    };
  }
  return () => body;
}
