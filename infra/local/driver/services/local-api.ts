import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from '../access/access.ts';
import { busDemands, type Demand, parameterDemands, queueDemands } from '../access/demands.ts';
import type { Bus } from '../events/bus.ts';
import type { Schedules } from '../events/schedules.ts';
import { readFaults, type TableFaults } from '../table-rules/faults.ts';
import { arnOf } from '../template/deployment.ts';
import { type AwsOperations, type AwsService, serveAws } from './aws-json.ts';
import type { Idle } from './idle.ts';
import type { Metrics } from './metrics.ts';
import { refusalOfOrigin } from './same-origin.ts';
import { answerJson, pathOf } from './server.ts';

/** The addresses of the stack: the line that `--json` prints. */
export type Stack = {
  readonly url: string;
  readonly dynamodb: string;
  readonly table: string;
  readonly redis: string;
  readonly eventbridge: string;
  readonly bus: string;
  /** A token of the seeded world; empty if there is none. */
  readonly token: string;
};

export const LOCAL_PATHS = {
  eventbridge: '/_local/eventbridge',
  sqs: '/_local/sqs',
  ssm: '/_local/ssm',
} as const;

/** A file that a browser loads. */
export type LocalPage = {
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Pages of the stack, by their path without a slash at its end. */
export type LocalPages = (path: string) => LocalPage | undefined | Promise<LocalPage | undefined>;

/** Answers a request at an address of the stack. */
export type LocalAddress = (
  response: ServerResponse,
  body: string,
  request: IncomingMessage,
) => Promise<void> | void;

type LocalApiOptions = {
  stack: () => Stack;
  access: Access;
  bus: Bus;
  metrics: Metrics;
  schedules: Schedules;
  faults: TableFaults;
  idle: Idle;
  pages: LocalPages;
  /** More addresses, by method and path, such as `GET /_local/flow`. */
  addresses: Readonly<Record<string, LocalAddress>>;
  putEvents: AwsOperations;
  sqs: AwsOperations;
  ssm: AwsOperations;
};

type DemandsOf = (operation: string, input: Record<string, unknown>, arn: typeof arnOf) => Demand[];

/** Serves `/_local/*`: the AWS services that functions call, and the state that tests look at. */
export function createLocalApi(options: LocalApiOptions) {
  const { bus, metrics, schedules } = options;

  const setFaults = (body: string, response: ServerResponse) => {
    try {
      options.faults.set(readFaults(body));
      answerEmpty(response);
    } catch (error) {
      answerJson(response, 400, { detail: String(error) });
    }
  };

  const routes: Readonly<Record<string, LocalAddress>> = {
    ...options.addresses,
    'GET /_local/stack': (response) => answerJson(response, 200, options.stack()),
    'GET /_local/events': (response) => answerJson(response, 200, bus.eventsJson()),
    'DELETE /_local/events': (response) => {
      bus.forgetEvents();
      answerEmpty(response);
    },
    'PUT /_local/permissions/revoked': (response, body) => {
      options.access.revoke(JSON.parse(body));
      answerEmpty(response);
    },
    'GET /_local/permissions': (response) =>
      answerJson(response, 200, {
        grants: options.access.grants(),
        refusals: options.access.refusals(),
      }),
    'GET /_local/metrics': (response) => answerJson(response, 200, metrics.list()),
    'DELETE /_local/metrics': (response) => {
      metrics.clear();
      answerEmpty(response);
    },
    'GET /_local/faults': (response) => answerJson(response, 200, options.faults.list()),
    'PUT /_local/faults': (response, body) => setFaults(body, response),
    'DELETE /_local/faults': (response) => {
      options.faults.set([]);
      answerEmpty(response);
    },
    'GET /_local/idle': async (response) => {
      const inFlight = await options.idle(response);
      if (!inFlight) {
        answerJson(response, 200, { idle: true });
      } else {
        answerJson(response, 504, { detail: 'The stack is not idle yet.', inFlight });
      }
    },
  };

  const runSchedule = async (name: string, response: ServerResponse) => {
    const outcome = await schedules.run(name);
    if (!outcome) {
      const known = schedules.names().join(', ');
      const detail = `There is no schedule ${name}. The schedules are: ${known}`;
      return answerJson(response, 404, { detail });
    }
    return outcome.ok
      ? answerJson(response, 200, outcome.payload)
      : answerJson(response, 500, { detail: outcome.error.errorMessage });
  };

  const guarded = (operations: AwsOperations, demandsOf: DemandsOf): AwsService => ({
    operations,
    refusal: (keyId, operation, input) =>
      options.access.check(keyId, demandsOf(operation, input, arnOf)),
  });
  const services: Record<string, AwsService> = {
    [LOCAL_PATHS.eventbridge]: guarded(options.putEvents, busDemands),
    [LOCAL_PATHS.sqs]: guarded(options.sqs, queueDemands),
    [LOCAL_PATHS.ssm]: guarded(options.ssm, parameterDemands),
  };

  const serviceAt = (path: string): AwsService | undefined => {
    const [, service] =
      Object.entries(services).find(
        ([prefix]) => path === prefix || path.startsWith(`${prefix}/`),
      ) ?? [];
    return service;
  };

  const answerUnknown = (endpoint: string, response: ServerResponse) => {
    const known = [
      ...Object.keys(routes),
      'POST /_local/schedules/{name}',
      ...Object.keys(services).map((path) => `POST ${path}`),
    ];
    const detail = `There is no ${endpoint}. The addresses are: ${known.join(', ')}`;
    answerJson(response, 404, { detail });
  };

  const post = (path: string, request: IncomingMessage): LocalAddress | undefined => {
    const service = serviceAt(path);
    if (service) {
      return (response, body) => serveAws(service, request, body, response);
    }
    const schedule = /^\/_local\/schedules\/([^/]+)$/.exec(path)?.[1];
    return schedule ? (response) => runSchedule(schedule, response) : undefined;
  };

  const answer = async (request: IncomingMessage, body: string, response: ServerResponse) => {
    const path = pathOf(request).replace(/\/$/, '');
    const endpoint = `${request.method} ${path}`;
    const page = request.method === 'GET' ? await options.pages(path) : undefined;
    if (page !== undefined) {
      return answerPage(response, page);
    }
    const route = request.method === 'POST' ? post(path, request) : routes[endpoint];
    return route ? route(response, body, request) : answerUnknown(endpoint, response);
  };

  return async (
    request: IncomingMessage,
    body: string | undefined,
    response: ServerResponse,
  ): Promise<void> => {
    const refused = refusalOfOrigin(request);
    if (refused !== undefined) {
      return answerJson(response, 403, { detail: refused });
    }
    return body === undefined
      ? answerJson(response, 413, { detail: 'The body is larger than 10 MB.' })
      : answer(request, body, response);
  };
}

function answerPage(response: ServerResponse, { type, body, headers }: LocalPage): void {
  response.writeHead(200, { 'content-type': type, ...headers });
  response.end(body);
}

function answerEmpty(response: ServerResponse): void {
  response.writeHead(204);
  response.end();
}
