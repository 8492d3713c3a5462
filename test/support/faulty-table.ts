import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import { startTableFront } from '../../infra/local/driver/engines/table-front.ts';
import { createTableFaults } from '../../infra/local/driver/table-rules/faults.ts';
import { documentClient } from '../../shared/stores/document-client.ts';
import { createTable } from '../../shared/stores/table.ts';
import { wireStores } from '../../shared/wiring.ts';
import type { TestWorld } from './world.ts';

/**
 * The same world behind a table that can be told to throttle, to leave keys unprocessed and to
 * conflict. Its client tries a call once, and nobody waits: `waits` has the attempts after which
 * somebody would have.
 */
export async function faulty(world: TestWorld) {
  const faults = createTableFaults(world.endpoint);
  const front = await startTableFront(world.endpoint, [faults.check]);
  const client = new DynamoDBClient({
    endpoint: front.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await front.stop();
  });
  const waits: number[] = [];
  const table = createTable({
    client: documentClient(client),
    name: world.table,
    backOff: async (attempt) => void waits.push(attempt),
  });
  return { ...world, endpoint: front.endpoint, stores: wireStores(table), table, faults, waits };
}
