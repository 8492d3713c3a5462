import { createServer } from 'node:http';
import { isGenuine } from './is-genuine.mjs';

const secret = process.env.WEBHOOK_SECRET ?? '';
const port = Number(process.env.PORT ?? 9000);

/** The ids of what has arrived: what comes again is taken once. Keep yours for a week. */
const seen = new Set();

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks).toString();
  if (!isGenuine(secret, request.headers, body)) {
    response.writeHead(401).end();
    return;
  }
  response.writeHead(204).end();
  const id = request.headers['webhook-id'];
  if (!seen.has(id)) {
    seen.add(id);
    const { type, data } = JSON.parse(body);
    console.log(type, data.issue?.shortId ?? '', JSON.stringify(data.after ?? null));
  }
});

server.listen(port, '127.0.0.1', () => {
  console.log(`Receives webhooks at http://127.0.0.1:${port}/`);
});
