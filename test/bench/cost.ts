/**
 * `npm run cost`: writes docs/cost.md from the templates, units measured on the engines, and the
 * price table.
 */
import { writeFileSync } from 'node:fs';
import { bill, money, total } from '../../infra/cost/bill.ts';
import { idleLines } from '../../infra/cost/idle.ts';
import { NO_WORK, type Work, workLines } from '../../infra/cost/work.ts';
import { startCache } from '../../infra/local/driver/engines/cache.ts';
import { startTable } from '../../infra/local/driver/engines/table.ts';
import { synthesize } from '../infra/template.ts';
import { measureUnits, type Units } from './measure/cost-units.ts';

const STAGES = ['alice', 'staging', 'prod'];

/**
 * Of a function with 1,769 MB, one whole processor: what a warm invocation takes, most of it
 * waiting for the table.
 */
const SECONDS = {
  request: 0.03,
  sdk: 0.015,
  authorizer: 0.006,
  relay: 0.01,
  consumer: 0.02,
  tracker: 0.5,
};
const GB = 1.769 / 1.024;

/** The authorizer is asked once a minute for each token, and a relay takes what a second brings. */
const SHARE = { authorizer: 0.05, relayBatch: 0.1, consumerBatch: 0.1 };

/** What a batch of the relay asks of an organization: whether it has webhooks. */
const RELAY_READS = 1;

/**
 * A report of Lambda and what the function writes itself; a request has a line in the access log
 * too.
 */
const LOG_KB = { request: 1.6, invocation: 1 };

/** A message: sent by the rule at no charge, received and deleted in batches of ten. */
const QUEUE_CALLS = 0.3;

/** One message at a time: received, deleted, and sent in a call of up to ten. */
const FIFO_CALLS = 2.5;

function assignment({ reads, writes, events }: Units): Work {
  const { authorizer, relayBatch, consumerBatch } = SHARE;
  const seconds =
    SECONDS.request +
    authorizer * SECONDS.authorizer +
    relayBatch * SECONDS.relay +
    consumerBatch * SECONDS.consumer;
  return {
    ...NO_WORK,
    requests: 1,
    invocations: 1 + authorizer + relayBatch + consumerBatch,
    gbSeconds: seconds * GB,
    reads: reads + authorizer + relayBatch * RELAY_READS,
    writes,
    events,
    queueCalls: QUEUE_CALLS,
    logKb: LOG_KB.request + (relayBatch + consumerBatch) * LOG_KB.invocation,
  };
}

/** An event from outside, in a batch of forty with others. */
function seen({ reads, writes, events }: Units): Work {
  const batch = 1 / 40;
  return {
    ...NO_WORK,
    invocations: batch,
    gbSeconds: SECONDS.consumer * 0.25 * GB,
    reads,
    writes,
    // The one that came in, and those that it led to.
    events: 1 + events,
    queueCalls: QUEUE_CALLS,
    logKb: batch * LOG_KB.invocation,
    archivedKb: 1,
  };
}

/** What an SDK adds to an event that is then seen: its request, and the look at its key. */
function received({ reads, writes }: Units): Work {
  return {
    ...NO_WORK,
    requests: 1,
    invocations: 1,
    gbSeconds: SECONDS.sdk * GB,
    reads,
    writes,
    logKb: LOG_KB.request,
  };
}

/** An assignment that was committed is brought to a tracker. */
function sync({ reads, writes, events }: Units): Work {
  return {
    ...NO_WORK,
    invocations: 1 + SHARE.consumerBatch,
    gbSeconds: (SECONDS.tracker + SHARE.consumerBatch * SECONDS.consumer) * GB,
    reads,
    writes,
    events,
    queueCalls: QUEUE_CALLS,
    fifoCalls: FIFO_CALLS,
    logKb: LOG_KB.invocation,
  };
}

function page(units: Awaited<ReturnType<typeof measureUnits>>): string {
  const idle = STAGES.map((stage) => {
    const lines = idleLines(synthesize(stage).document);
    return `### ${stage}\n\n${bill(lines)}`;
  });
  const measured = Object.entries(units).map(
    ([name, { reads, writes, events }]) => `| ${name} | ${reads} | ${writes} | ${events} |`,
  );
  return `# What it costs

Written by \`npm run cost\`; do not edit. Prices are the public list for us-east-1 without the free tier, in one table:
\`infra/cost/prices.ts\`. What an idle stage has is counted in its synthesized template, what work takes from the table is
measured on the embedded engines in the same run; times of functions, sizes of batches and of log lines are the estimates
that \`test/bench/cost.ts\` names.

## A month of a stage that nobody uses

A personal stage is called alice here. \`-c dashboard=on\`, \`-c tracing=on\` and \`-c firewall=on\` add to it what staging and prod
have. The first ten alarms, three dashboards and a million calls of SQS of an account are free. Storage comes on top
as data comes, in staging and prod with recovery to any second.

${idle.join('\n\n')}

## What work takes from the table

An assignment is the first of an issue to a user; an event is one more of a known issue, alone in its batch; an sdkEvent
is what an SDK sends, up to the bus; a sync brings an assignment to one tracker. Events are those that it puts on the bus itself.

| work | read units | write units | events |
|---|---:|---:|---:|
${measured.join('\n')}

## A million assignments

${bill(workLines(assignment(units.assignment)))}

## A million events

Of known issues: ${money(total(workLines(seen(units.event))))} dollars. An issue that begins costs as much as
${Math.round(units.newIssue.writes / Math.max(units.event.writes, 1))} of them.

${bill(workLines(seen(units.event)))}

## A million events of SDKs

What they cost more than events that producers put on the bus: their requests. A client key with a limit adds one write unit to
each, also to those that it refuses.

${bill(workLines(received(units.sdkEvent)))}

## A million syncs

${bill(workLines(sync(units.sync)))}
`;
}

const [table, cache] = await Promise.all([startTable({}), startCache()]);
try {
  const units = await measureUnits({
    endpoint: table.endpoint,
    cache: { host: cache.host, port: cache.port },
  });
  writeFileSync(new URL('../../docs/cost.md', import.meta.url), page(units));
  console.log('Wrote docs/cost.md.');
} finally {
  await Promise.all([table.stop(), cache.stop()]);
}
