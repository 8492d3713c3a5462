import { Webhook as StandardWebhook } from 'standardwebhooks';
import type { ExternalPerson } from '../../domain/sync/external-issue.ts';
import { gitLabPerson } from '../gitlab/gitlab-people.ts';
import { gitLabStatus } from '../gitlab/gitlab-status.ts';
import { at, hasAt, idAt, integerAt, textAt } from '../json.ts';
import { parseProviderTime } from '../provider-time.ts';
import { bodyId, isOneOf, isRecent } from './secrets.ts';
import { type Delivery, headerOf, type Webhook } from './webhook.ts';

const SIGNING_PREFIX = 'whsec_';

/**
 * Two ways of verification, by the kind of secret: a signing token (`whsec_...`, Standard Webhooks:
 * id, time and body are signed), or the older plain `X-Gitlab-Token`.
 */
export const gitLabWebhook: Webhook = {
  async verify(delivery, secrets, nowMs) {
    const signing = secrets.filter((secret) => secret.startsWith(SIGNING_PREFIX));
    const plain = secrets.filter((secret) => !secret.startsWith(SIGNING_PREFIX));
    const token = headerOf(delivery.headers, 'x-gitlab-token');
    return isSigned(delivery, signing, nowMs) || (token !== null && isOneOf(token, plain));
  },

  normalize(delivery, body) {
    const attributes = at(body, 'object_attributes');
    const project = textAt(body, 'project', 'path_with_namespace');
    const iid = integerAt(attributes, 'iid');
    if (textAt(body, 'object_kind') !== 'issue' || project === null || iid === null) {
      return null;
    }
    const action = textAt(attributes, 'action');
    const byStatus = action === 'close' || action === 'reopen';
    const byPeople = hasAt(body, 'changes', 'assignees');
    if (!byStatus && !byPeople) {
      return null;
    }
    const people = peopleIn(body);
    const status = gitLabStatus(textAt(attributes, 'state'));
    return {
      deliveryId: deliveryIdOf(delivery),
      externalKey: `${project}#${iid}`,
      stableId: idAt(attributes, 'id'),
      assignees: byPeople ? people : null,
      status: byStatus ? status : null,
      externalVersion: { atMs: parseProviderTime(textAt(attributes, 'updated_at')), rev: null },
      actor: gitLabPerson(at(body, 'user')),
      incomplete: (byPeople && people === null) || (byStatus && status === null),
    };
  },
};

/**
 * Null where the payload does not contain the assignees. It lacks `assignees` after the last one
 * was removed.
 */
function peopleIn(body: unknown): readonly ExternalPerson[] | null {
  const listed = [at(body, 'assignees'), at(body, 'changes', 'assignees', 'current')].find((one) =>
    Array.isArray(one),
  );
  const people = listed?.map(gitLabPerson) ?? [null];
  return people.includes(null) ? null : people.filter((one) => one !== null);
}

function isSigned(delivery: Delivery, secrets: readonly string[], nowMs: number): boolean {
  const id = headerOf(delivery.headers, 'webhook-id');
  const seconds = headerOf(delivery.headers, 'webhook-timestamp');
  const signatures = headerOf(delivery.headers, 'webhook-signature')?.split(' ') ?? [];
  if (id === null || seconds === null || !/^\d{1,12}$/.test(seconds)) {
    return false;
  }
  if (!isRecent(Number(seconds), nowMs)) {
    return false;
  }
  const at = new Date(Number(seconds) * 1_000);
  // The library's `verify` reads the machine's clock; signing again and comparing does not.
  return secrets
    .map((secret) => signatureOf(secret, id, at, delivery.rawBody))
    .map((expected) => expected !== null && isOneOf(expected, signatures))
    .includes(true);
}

/** Null for a secret that is not base64: nothing can be signed with it. */
function signatureOf(secret: string, id: string, at: Date, rawBody: string): string | null {
  try {
    return new StandardWebhook(secret).sign(id, at, rawBody);
  } catch {
    return null;
  }
}

/**
 * `webhook-id` and `Idempotency-Key` are the same for every retry. `X-Gitlab-Event-UUID` cannot be
 * used: hooks that were triggered by another hook share it.
 */
function deliveryIdOf({ headers, rawBody }: Delivery): string {
  return headerOf(headers, 'webhook-id') ?? headerOf(headers, 'idempotency-key') ?? bodyId(rawBody);
}
