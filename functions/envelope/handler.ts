import { apiHandler } from '../../shared/http/api.ts';
import { bytesBody } from '../../shared/http/ingest/bytes-body.ts';
import { wireEnvelope } from './deps.ts';
import { receiveEnvelope, receiveEvent } from './receive.ts';

/** Takes events from SDKs. */
export const handler = apiHandler({
  functionName: 'envelope',
  deps: wireEnvelope(),
  body: bytesBody(),
  endpoints: { receiveEnvelope, receiveEvent },
});
