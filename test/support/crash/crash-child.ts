import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { createTable } from '../../../shared/stores/table.ts';
import { wireClockAndIds, wireStores } from '../../../shared/wiring.ts';
import { emptyOwnerCaches } from '../operations.ts';

/**
 * Runs one update of groups in a process of its own, and dies by SIGKILL when the given number of
 * its calls to the table is answered. Reads its order as JSON from its first argument; prints
 * `done` if it survived.
 */
const order = JSON.parse(process.argv[2] ?? '{}') as {
  endpoint: string;
  table: string;
  calls: number;
  groupIds: string[];
  assignedTo: string | null;
};

let calls = 0;
const client = new DynamoDBClient({
  endpoint: order.endpoint,
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
client.middlewareStack.add(
  (next) => async (args) => {
    if (order.calls === 0) {
      process.kill(process.pid, 'SIGKILL');
    }
    const output = await next(args);
    calls += 1;
    if (calls === order.calls) {
      process.kill(process.pid, 'SIGKILL');
    }
    return output;
  },
  { step: 'deserialize', priority: 'low' },
);

const stores = wireStores(
  createTable({ client: DynamoDBDocumentClient.from(client), name: order.table }),
);
const silent = () => {};
const [type, id] = (order.assignedTo ?? ':').split(':') as ['user' | 'team', string];
await updateGroups(
  {
    ...stores,
    ...wireClockAndIds(),
    ownerCaches: emptyOwnerCaches,
    log: { info: silent, warn: silent, error: silent },
    count: silent,
  },
  {
    organizationId: '1',
    groupIds: order.groupIds,
    projects: null,
    update: {
      assignedTo: {
        actor:
          order.assignedTo === null ? { kind: 'nobody' } : { kind: 'actor', actor: { type, id } },
        assignedBy: null,
        integration: null,
      },
    },
    initiator: { actingUserId: '11', requestId: 'crash' },
  },
);
process.stdout.write('done');
