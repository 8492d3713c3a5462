import { apiHandler } from '../../shared/http/api.ts';
import { receiveWebhook } from '../../shared/operations/sync/receive-webhook.ts';
import { wireClockAndIds, wireTable, wireTelemetry, wireWebhooks } from '../../shared/wiring.ts';

const deps = { ...wireTable(), ...wireClockAndIds(), ...wireTelemetry(), ...wireWebhooks() };

/** Takes in what trackers tell, if it is signed; whatever it changes is changed later. */
export const handler = apiHandler({
  functionName: 'webhook',
  log: deps.log,
  body: 'raw',
  endpoints: {
    async receiveWebhook({ params, query, headers, body, requestId }) {
      await receiveWebhook(deps, {
        provider: params.provider ?? '',
        integrationId: params.integrationId ?? '',
        headers,
        rawBody: typeof body === 'string' ? body : '',
        requestId,
        isDryRun: query.has('dryRun'),
      });
      return { status: 202 };
    },
  },
});
