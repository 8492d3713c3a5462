import type { Operation } from '../../shared/http/routes.ts';
import {
  type ExampleRequest,
  exampleOf,
  inWorkingOrder,
  type Recorded,
  type RecordedAnswer,
  routeOf,
} from './examples.ts';

/** A token of the demo world with every scope in acme. */
const TOKEN = 'baton_local_alice';

/** An example, and what it was answered. */
export type Played = {
  readonly operation: Operation;
  readonly request: ExampleRequest;
  readonly status: number;
  readonly headers: Headers;
  /** Undefined for an answer without a body. */
  readonly body: unknown;
};

/** Sends the example of every operation to a local stack with the example world, one by one. */
export async function playExamples(url: string): Promise<readonly Played[]> {
  const played: Played[] = [];
  const answers: { [O in Operation]?: RecordedAnswer } = {};
  for (const operation of inWorkingOrder()) {
    const one = await play(url, operation, answers);
    answers[operation] = one;
    played.push(one);
  }
  return played;
}

async function play(url: string, operation: Operation, answers: Recorded): Promise<Played> {
  const request = exampleOf(operation, answers);
  const { method, address, headers, body } = request;
  const needsToken = routeOf(operation).access === 'token';
  const response = await fetch(`${url}/api${address}`, {
    method,
    headers: {
      ...headers,
      ...(needsToken ? { authorization: `Bearer ${TOKEN}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    operation,
    request,
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}
