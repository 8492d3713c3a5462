import type { ApiReply, Endpoint, RequestOf } from '../../shared/http/api.ts';
import { publicKeyOf } from '../../shared/http/ingest/public-key.ts';
import { readEnvelope, readStored, replyToSdk } from '../../shared/http/ingest/read-envelope.ts';
import { acceptEvent } from '../../shared/operations/ingest/accept-event.ts';
import type { EnvelopeDeps } from './deps.ts';

/** Takes an envelope: of its items the event, nothing of the others. */
export const receiveEnvelope: Endpoint<'receiveEnvelope', EnvelopeDeps> = (deps, request) =>
  receive(deps, request, () => readEnvelope(request.body));

/** Takes a single event, as SDKs sent it before there were envelopes. */
export const receiveEvent: Endpoint<'receiveEvent', EnvelopeDeps> = (deps, request) =>
  receive(deps, request, () => readStored(request.body));

async function receive(
  deps: EnvelopeDeps,
  request: RequestOf<'receiveEnvelope' | 'receiveEvent'>,
  read: () => ReturnType<typeof readEnvelope>,
): Promise<ApiReply> {
  const named = { projectId: request.params.projectId, publicKey: publicKeyOf(request) };
  return replyToSdk(await acceptEvent(deps, named, read));
}
