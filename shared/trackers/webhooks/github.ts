import { gitHubPerson } from '../github-people.ts';
import { gitHubStatus } from '../github-status.ts';
import { at, idAt, integerAt, listAt, textAt } from '../json.ts';
import { parseProviderTime } from '../provider-time.ts';
import { bodyId, isSignedBody } from './secrets.ts';
import { headerOf, type Webhook } from './webhook.ts';

const aboutPeople = new Set(['assigned', 'unassigned']);
const aboutStatus = new Set(['closed', 'reopened']);
/** The issue is gone or elsewhere: only asking for it tells. */
const aboutWhereabouts = new Set(['transferred', 'deleted']);

/**
 * `X-Hub-Signature-256` covers no time, so that a replay is recognized by its delivery id and its
 * age alone.
 */
export const gitHubWebhook: Webhook = {
  verify: (delivery, secrets) =>
    isSignedBody(delivery.rawBody, headerOf(delivery.headers, 'x-hub-signature-256'), secrets),

  normalize(delivery, body) {
    const action = textAt(body, 'action') ?? '';
    const about = [aboutPeople, aboutStatus, aboutWhereabouts].find((set) => set.has(action));
    const issue = at(body, 'issue');
    const repository = textAt(body, 'repository', 'full_name');
    const number = integerAt(issue, 'number');
    const event = headerOf(delivery.headers, 'x-github-event');
    if (event !== 'issues' || about === undefined || repository === null || number === null) {
      return null;
    }
    const status = gitHubStatus(textAt(issue, 'state'));
    // `assignees` is the state after the change. `assignee` is the delta, and the two events of one
    // reassignment arrive in any order.
    const people = listAt(issue, 'assignees').map(gitHubPerson);
    const readable = Array.isArray(at(issue, 'assignees')) && !people.includes(null);
    const byPeople = about === aboutPeople;
    const byStatus = about === aboutStatus && status !== null;
    return {
      deliveryId: headerOf(delivery.headers, 'x-github-delivery') ?? bodyId(delivery.rawBody),
      externalKey: `${repository}#${number}`,
      stableId: idAt(issue, 'id'),
      assignees: byPeople && readable ? people.filter((one) => one !== null) : null,
      status: byStatus ? status : null,
      externalVersion: { atMs: parseProviderTime(textAt(issue, 'updated_at')), rev: null },
      actor: gitHubPerson(at(body, 'sender')),
      incomplete: !(byPeople && readable) && !byStatus,
    };
  },
};
