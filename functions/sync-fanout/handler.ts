import { busConsumer } from '../../shared/messages/bus-consumer.ts';
import { deleteSecret } from '../../shared/operations/sync/delete-secret.ts';
import { fanOut } from '../../shared/operations/sync/fan-out.ts';
import { wireSyncFanout } from './deps.ts';

const deps = wireSyncFanout();

/**
 * Makes of an event one message for each link, or external issue, that it concerns. Of an
 * integration that is gone it deletes the secret: it hears what happens to integrations, and can
 * reach the parameter store.
 */
export const handler = busConsumer(deps, 'sync-fanout', (event) =>
  event.type === 'integration.deleted' ? deleteSecret(deps, event) : fanOut(deps, event),
);
