import { Webhook } from 'standardwebhooks';
import { type RunningServer, startServer } from '../trackers/double-server.ts';

/** A webhook as it arrived. */
export type ReceivedWebhook = {
  readonly path: string;
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What a receiver answers; nothing is never answered. */
type ReceiverAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type Receiver = RunningServer & {
  readonly received: ReceivedWebhook[];
  /** What is answered from now on, by path; 204 where nothing is said. */
  readonly answers: Map<string, () => ReceiverAnswer | null>;
  /** The address of an endpoint. */
  readonly at: (path: string) => string;
  /** What has arrived at an endpoint. */
  readonly arrivedAt: (path: string) => readonly ReceivedWebhook[];
};

const taken = (): ReceiverAnswer => ({ status: 204 });

/** Somebody who receives webhooks, on loopback. */
export async function startReceiver(): Promise<Receiver> {
  const received: ReceivedWebhook[] = [];
  const answers: Receiver['answers'] = new Map();
  const server = await startServer(async (message, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
    const path = message.url ?? '';
    const headers = message.headers as Record<string, string>;
    const body = Buffer.concat(chunks).toString();
    received.push({ path, id: headers['webhook-id'] ?? '', headers, body });
    const answer: ReceiverAnswer | null = (answers.get(path) ?? taken)();
    if (answer !== null) {
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    }
  });
  return {
    ...server,
    received,
    answers,
    at: (path) => `${server.url}${path}`,
    arrivedAt: (path) => received.filter((one) => one.path === path),
  };
}

/** What a webhook says, verified as a receiver does; throws where a secret does not fit. */
export function verified({ body, headers }: ReceivedWebhook, secret: string): WebhookBody {
  return new Webhook(secret).verify(body, headers) as WebhookBody;
}

export type WebhookBody = {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
};
