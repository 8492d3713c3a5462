import type { Access } from '../access/access.ts';
import { createReach, reachedAddresses } from '../access/network.ts';
import { readRoles } from '../access/roles.ts';
import { assumedRole, requireServiceRights } from '../access/service-rights.ts';
import type { CreatedTable, TableProperties } from '../engines/create-table.ts';
import { createPutEvents } from '../events/put-events.ts';
import { createStackBus } from '../events/stack-bus.ts';
import { createStackSchedules } from '../events/stack-schedules.ts';
import { createStackGateway } from '../gateway/stack-gateway.ts';
import { createFunctionLog } from '../lambda/function-log.ts';
import { createFunctions } from '../lambda/functions.ts';
import { createSqsOperations } from '../queues/sqs-api.ts';
import { createQueueMappings, createQueues } from '../queues/stack-queues.ts';
import { createStackStream } from '../stream/stack-stream.ts';
import { createTimeToLiveSweep } from '../stream/time-to-live.ts';
import { createWriteLog } from '../stream/write-log.ts';
import type { TableFaults } from '../table-rules/faults.ts';
import type { Assembly } from '../template/assembly.ts';
import { functionDefinition } from '../template/definitions.ts';
import { createDeployment, type Deployment } from '../template/deployment.ts';
import { type Endpoints, replacedVariables } from '../template/environment.ts';
import { createIdle } from './idle.ts';
import { causesOf, createInFlight } from './in-flight.ts';
import { createLocalApi, type LocalAddress, type LocalPages, type Stack } from './local-api.ts';
import { createMetrics } from './metrics.ts';
import type { Observe } from './observation.ts';
import { answerJson, pathOf, type Server } from './server.ts';
import { createSsmOperations, type ParameterStore } from './ssm.ts';

type RunOptions = {
  assembly: Assembly;
  /** The created table, by its logical id. */
  tables: ReadonlyMap<string, CreatedTable>;
  /** Checks the rights of functions; gets their roles from the template. */
  access: Access;
  endpoints: Endpoints;
  /** The address of the engine, for the calls of the services themselves, which are not checked. */
  tableEngine: string;
  faults: TableFaults;
  parameters: ParameterStore;
  server: Server;
  checkpointFile: string | undefined;
  verbose: boolean;
  /** The name of the function to debug. */
  inspect: string | undefined;
  log: (line: string) => void;
  /** The addresses for `/_local/stack`, read when the stack runs. */
  stack: () => Stack;
  /** Pages below `/_local/`. */
  pages: LocalPages;
  /** More addresses below `/_local/`. */
  addresses: Readonly<Record<string, LocalAddress>>;
  /** Hears what the stack does. */
  observe: Observe;
};

/**
 * Runs a synthesized app on running engines: creates all parts, connects them, and serves the API.
 */
export function runAssembly(options: RunOptions) {
  const { assembly, tables, endpoints, server, log, observe } = options;
  const warn = (line: string) => log(`[driver] ${line}`);
  const replaced = replacedVariables(endpoints);
  const replacedCache = endpoints.cacheVariables;
  const deployment = createDeployment({
    assembly,
    tables,
    sqsEndpoint: endpoints.sqs,
    replacedVariables: Object.keys({ ...replaced, ...replacedCache }),
  });

  const metrics = createMetrics();
  const inFlight = createInFlight();
  const functions = createFunctions({
    inFlight,
    onLine: createFunctionLog({
      metrics,
      verbose: options.verbose,
      verboseFunction: options.inspect,
      print: log,
    }),
    inspect: options.inspect,
    observe,
  });
  const roleOf = readRoles(deployment);
  const reachOf = createReach(deployment);
  for (const deployed of deployment.resourcesOf('AWS::Lambda::Function')) {
    const reached = reachedAddresses(reachOf(deployed), endpoints);
    const definition = functionDefinition({
      ...{ assembly, deployed, replaced, replacedCache, reached },
    });
    const { name, statements } = roleOf(deployed.properties.Role, `${deployed.path}.Role`);
    const principal = assumedRole(name, deployed.name);
    options.access.add({ keyId: definition.name, principal, statements });
    functions.add(definition);
  }
  if (options.inspect !== undefined && !functions.names().includes(options.inspect)) {
    const names = functions.names().join(', ');
    throw new Error(`There is no function ${options.inspect}. The functions are ${names}.`);
  }

  const connections = { deployment, functions, inFlight, observe, warn };
  const queues = createQueues(connections, endpoints.sqs);
  const bus = createStackBus(connections, queues);
  const queueMappings = createQueueMappings(connections, queues);
  const { table, keyAttributes, timeToLive } = onlyTable(options, deployment, warn);
  const writes = createWriteLog({
    keyAttributes,
    causesOf: (token) => causesOf(functions.rootsOf(token)),
    observe,
  });
  const { stream, mappings, checkpoint } = createStackStream(connections, queues, {
    table,
    endpoint: options.tableEngine,
    checkpointFile: options.checkpointFile,
    writes,
  });
  // A table that another process has worked on is kept.
  const isKept = checkpoint.position() !== undefined;
  const schedules = createStackSchedules(connections);
  requireServiceRights({
    deployment,
    functions,
    access: options.access,
    roleOf,
    cacheNames: endpoints.cacheNames,
  });
  for (const { properties } of deployment.resourcesOf('AWS::SSM::Parameter')) {
    options.parameters.put(String(properties.Name), String(properties.Value), 'String');
  }

  const { gateway, stage } = createStackGateway(connections);
  const localApi = createLocalApi({
    stack: options.stack,
    access: options.access,
    bus,
    metrics,
    schedules,
    faults: options.faults,
    idle: createIdle(inFlight, stream),
    pages: options.pages,
    addresses: options.addresses,
    putEvents: createPutEvents(bus, functions.rootsOf),
    sqs: createSqsOperations(queues, functions.rootsOf),
    ssm: createSsmOperations(options.parameters),
  });
  server.setHandler(async (request, body, response) => {
    const path = pathOf(request);
    if (path === '/_local' || path.startsWith('/_local/')) {
      return localApi(request, body?.toString('utf8'), response);
    }
    if (path === `/${stage}` || path.startsWith(`/${stage}/`)) {
      return gateway.handle(request, body, response);
    }
    // The message of API Gateway for an unknown stage.
    return answerJson(response, 403, { message: 'Forbidden' });
  });

  return {
    bus: bus.name,
    /** Reads the stream now: the table may have been written. */
    wake: () => stream.wake(),
    /** Adds a call that may write the table, to find out which records are its own. */
    watchWrite: writes.watch,
    /** Makes a function use the bundle in another folder. */
    reload: functions.reload,
    /** Starts reading the stream and the queues, and the schedules. */
    start(): void {
      for (const mapping of queueMappings) {
        mapping.start();
      }
      stream.start();
      schedules.start({ overdue: isKept });
      timeToLive?.start();
    },
    /** Stops all parts in an order in which none starts new work. */
    async stop(): Promise<void> {
      schedules.stop();
      for (const mapping of [...queueMappings, ...mappings]) {
        mapping.stop();
      }
      await Promise.all([stream.stop(), timeToLive?.stop()]);
      await functions.stop();
      for (const queue of queues.values()) {
        queue.stop();
      }
      await checkpoint.flush();
    },
  };
}

function onlyTable(
  { tables, tableEngine }: RunOptions,
  deployment: Deployment,
  warn: (line: string) => void,
) {
  const [[logicalId, table] = [], ...others] = tables;
  const deployed = deployment
    .resourcesOf('AWS::DynamoDB::GlobalTable')
    .find((one) => one.logicalId === logicalId);
  if (!table || !deployed || others.length > 0) {
    throw new Error('The template has no table.');
  }
  const { KeySchema, TimeToLiveSpecification } = deployed.properties as TableProperties;
  const keyAttributes = (KeySchema ?? []).map((key) => String(key.AttributeName));
  const attribute = TimeToLiveSpecification?.Enabled && TimeToLiveSpecification.AttributeName;
  const timeToLive = attribute
    ? createTimeToLiveSweep({
        endpoint: tableEngine,
        tableName: table.name,
        attribute,
        keyAttributes,
        warn,
      })
    : undefined;
  return { table, keyAttributes, timeToLive };
}
