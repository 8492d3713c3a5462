import type { Operation } from '../../shared/http/routes.ts';
import { ROUTES, type Route } from '../../shared/http/routes.ts';
import { ANSWER_OF } from './answer-of.ts';
import { OPERATIONS } from './operations.ts';
import {
  PATH_PARAMETERS,
  type PathName,
  pathNamesOf,
  type QueryName,
  wireName,
} from './parameters.ts';
import type { Made } from './row.ts';

/** What the local stack answered to an example; `body` is undefined where there was none. */
export type RecordedAnswer = { readonly status: number; readonly body?: unknown };

/** The answers to the examples; an operation whose answer has no body may be left out. */
export type Recorded = { readonly [O in Operation]?: RecordedAnswer };

/** An example with every value in its place. */
export type ExampleRequest = {
  readonly method: Route['method'];
  /** Below the stage: `/0/organizations/acme/`, with its query. */
  readonly address: string;
  readonly path: { readonly [Name in PathName]?: string };
  readonly query: { readonly [name: string]: readonly string[] };
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
};

const byOperation = new Map<Operation, Route>(ROUTES.map((route) => [route.operation, route]));

/** The row of the route table. */
export function routeOf(operation: Operation): Route {
  const route = byOperation.get(operation);
  if (route === undefined) {
    throw new Error(`The route table has no operation ${operation}.`);
  }
  return route;
}

/** The status that an operation answers its example with. */
export function expectedStatus(operation: Operation): number {
  const [first = 0] = Object.keys(ANSWER_OF[operation]).map(Number);
  return OPERATIONS[operation].example.status ?? first;
}

/**
 * The request of an operation's example. What other examples have made is looked up in their
 * answers.
 */
export function exampleOf(operation: Operation, recorded: Recorded): ExampleRequest {
  const { example } = OPERATIONS[operation];
  const route = routeOf(operation);
  const path = Object.fromEntries(
    pathNamesOf(route).map((name) => [
      name,
      textOf(example.path?.[name] ?? PATH_PARAMETERS[name].example, recorded),
    ]),
  );
  const query = Object.fromEntries(
    Object.entries(example.query ?? {}).map(([name, values]) => [
      name,
      values.map((told) => textOf(told, recorded)),
    ]),
  );
  const sent = Object.entries(query).flatMap(([name, values]) =>
    values.map((value): [string, string] => [wireName(name as QueryName), value]),
  );
  const filled = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(path[name] ?? ''),
  );
  return {
    method: route.method,
    address: sent.length === 0 ? filled : `${filled}?${new URLSearchParams(sent)}`,
    path,
    query,
    headers: example.headers ?? {},
    body: example.body,
  };
}

function textOf(told: string | Made, recorded: Recorded): string {
  if (typeof told === 'string') {
    return told;
  }
  const body: unknown = recorded[told.made]?.body;
  const found = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  const [, value] = found.find(([field]) => field === told.field) ?? [];
  return typeof value === 'string' ? value : '';
}

const METHODS: readonly Route['method'][] = ['POST', 'PUT', 'GET', 'DELETE'];

/**
 * All operations in an order in which their examples work: first what makes, last what deletes, and
 * before each what its example needs.
 */
export function inWorkingOrder(): readonly Operation[] {
  const ordered = new Set<Operation>();
  const add = (operation: Operation) => {
    if (ordered.has(operation)) {
      return;
    }
    const { path = {}, query = {}, after = [] } = OPERATIONS[operation].example;
    const values = [...Object.values(path), ...Object.values(query).flat()];
    const needed = values.flatMap((told) => (typeof told === 'string' ? [] : [told.made]));
    for (const one of [...after, ...needed]) {
      add(one);
    }
    ordered.add(operation);
  };
  for (const method of METHODS) {
    for (const route of ROUTES.filter((one) => one.method === method)) {
      add(route.operation);
    }
  }
  return [...ordered];
}
