import { createHmac } from 'node:crypto';
import * as v from 'valibot';

/** The webhook secret of the demo world's integration 501. */
const SECRET = 's3cret';

const person = { login: 'hubot', id: 2 };

const body = {
  action: 'assigned',
  issue: {
    id: 1,
    number: 7,
    state: 'open',
    updated_at: '2026-11-21T12:00:00Z',
    assignees: [person],
  },
  repository: { full_name: 'acme/shop' },
  sender: person,
};

const signature = createHmac('sha256', SECRET).update(JSON.stringify(body)).digest('hex');

/** What GitHub sends to the demo world's integration when somebody is assigned an issue. */
export const WEBHOOK_EXAMPLE = {
  body: v.pipe(v.record(v.string(), v.unknown()), v.description('Whatever the tracker sends.')),
  example: {
    headers: { 'X-GitHub-Event': 'issues', 'X-Hub-Signature-256': `sha256=${signature}` },
    body,
  },
} as const;
