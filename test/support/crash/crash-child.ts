import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { createTable } from '../../../shared/stores/table.ts';
import { wireClockAndIds, wireStores } from '../../../shared/wiring.ts';
import { emptyOwnerCaches } from '../operations.ts';
import { type Death, dieAt } from './death.ts';

/**
 * Runs one update of groups in a process of its own, and dies by SIGKILL at the given time. Reads
 * its order as JSON from its first argument; prints `done` if it survived.
 */
const order = JSON.parse(process.argv[2] ?? '{}') as {
  endpoint: string;
  table: string;
  death: Death;
  groupIds: string[];
  assignedTo: string | null;
};

const client = new DynamoDBClient({
  endpoint: order.endpoint,
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
dieAt(client, order.death, () => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('Killed.');
});

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
