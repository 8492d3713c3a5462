import type { CreatedTable } from '../engines/create-table.ts';
import {
  type ConnectionOptions,
  functionOf,
  mappingsOf,
  type Queues,
  queueOf,
  reportsItemFailures,
} from '../template/connections.ts';
import { type MappingProperties, mappingFilters } from '../template/definitions.ts';
import type { Deployed } from '../template/deployment.ts';
import { refusal } from '../template/template.ts';
import { type Checkpoint, createCheckpoint } from './checkpoint.ts';
import { createStream, type Stream } from './stream.ts';
import {
  createStreamMapping,
  type StreamMapping,
  type StreamMappingSettings,
} from './stream-mapping.ts';
import type { WriteLog } from './write-log.ts';

const DEFAULT_BATCH_SIZE = 100;

/** The stream of the table, its event source mappings, and its checkpoint. */
export function createStackStream(
  { deployment, functions, inFlight, observe, warn }: ConnectionOptions,
  queues: Queues,
  {
    table,
    endpoint,
    checkpointFile,
    writes,
  }: {
    table: CreatedTable;
    endpoint: string;
    checkpointFile: string | undefined;
    writes: WriteLog;
  },
): { stream: Stream; mappings: StreamMapping[]; checkpoint: Checkpoint } {
  const { streamArn } = table;
  if (!streamArn) {
    throw new Error(`The table ${table.name} has no stream: set its StreamSpecification.`);
  }
  const found = mappingsOf(deployment).filter(({ mapping }) => !queues.has(mapping.EventSourceArn));
  const mappings = found.map(({ deployed, mapping }) => {
    if (mapping.EventSourceArn !== streamArn) {
      throw refusal(
        `${deployed.path}.EventSourceArn`,
        'is neither a queue nor the stream of the table.',
      );
    }
    return createStreamMapping({
      streamArn,
      target: functionOf(functions, mapping.FunctionName),
      ...{ inFlight, observe, warn },
      settings: streamMappingSettings(deployed, mapping, queues),
    });
  });
  const checkpoint = createCheckpoint(streamArn, checkpointFile);
  const stream = createStream({
    endpoint,
    streamArn,
    position: checkpoint.position(),
    from: startingPosition(found),
    warn,
    onRead: writes.beginRead,
    async onRecords(records, shardId) {
      const causes = writes.take(records);
      for (const [index, record] of records.entries()) {
        const position = { shardId, sequenceNumber: record.dynamodb.SequenceNumber };
        const wanting = mappings.filter((mapping) => mapping.wants(record));
        if (wanting.length === 0) {
          checkpoint.pass(position);
          continue;
        }
        const root = checkpoint.open(position, causes[index] ?? []);
        for (const mapping of wanting) {
          mapping.offer(record, root);
        }
      }
      await Promise.all(mappings.map((mapping) => mapping.room()));
    },
  });
  return { stream, mappings, checkpoint };
}

/** The settings of a mapping. In CloudFormation -1 means no limit of retries or of age. */
function streamMappingSettings(
  deployed: Deployed,
  mapping: MappingProperties,
  queues: Queues,
): StreamMappingSettings {
  const { Destination } = mapping.DestinationConfig?.OnFailure ?? {};
  const maxAgeSeconds = mapping.MaximumRecordAgeInSeconds ?? -1;
  return {
    batchSize: mapping.BatchSize ?? DEFAULT_BATCH_SIZE,
    maxRetryAttempts: mapping.MaximumRetryAttempts ?? -1,
    maxRecordAgeMs: maxAgeSeconds < 0 ? undefined : maxAgeSeconds * 1_000,
    bisectOnError: mapping.BisectBatchOnFunctionError === true,
    reportsItemFailures: reportsItemFailures(mapping),
    parallelization: mapping.ParallelizationFactor ?? 1,
    filters: mappingFilters(deployed),
    onFailure: Destination ? queueOf(queues, Destination, deployed.path) : undefined,
  };
}

function startingPosition(mappings: readonly { mapping: MappingProperties; deployed: Deployed }[]) {
  const positions = new Set(mappings.map(({ mapping }) => mapping.StartingPosition));
  const [position = 'TRIM_HORIZON', ...others] = positions;
  if ((position === 'TRIM_HORIZON' || position === 'LATEST') && others.length === 0) {
    return position;
  }
  const path = `${mappings[0]?.deployed.path}.StartingPosition`;
  throw refusal(path, `${[...positions].join(', ')} is not supported locally.`);
}
