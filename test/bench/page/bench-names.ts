/** The benches of `npm run bench`, each with what it measures. */
export const BENCHES = {
  assignment:
    'One change of the assignee after the other, of one issue: round trips to the table, all and in sequence, units, and round trips to the cache.',
  updates:
    'One update of one issue in an organization without integrations, and what follows it: records that wake the relay, events on the bus, messages that its rules put into queues, and invocations for all of these.',
  request:
    'The whole request that updates one issue, from the event of the gateway to its answer, in this process: table and cache. The commit waited for the answer of the rate limit (1) until this was kept beside the reads.',
  bulk: 'An assignment of 200 issues, beside as many of the smallest transactions that keep the promise, in the same run: what says that the issue is there, the assignment with its place in the list of whoever has it, an activity, an event.',
  'bulk-kinds':
    'Bulk updates by what the issues were before, an issue of them. Nothing is to be read once more for each issue.',
  events:
    'Events as producers send them: on a known issue, many on one issue in a batch, and such that begin issues; an event of them.',
  'sdk-events':
    'An event of an SDK, as the function behind the DSN answers it, up to the bus. What follows is the event of a producer, above.',
  sync: 'From an assignment that was committed to a tracker that has been told.',
  webhooks:
    '1,000 changes told to a fast endpoint (10 ms), alone and then beside a slow one (500 ms) and a dead one (given up after 15 s), by ten invocations of ten messages each. The clock is that of the work: a call of the table takes 5 ms, and nothing else takes time.',
  cascade:
    'The deletion of a project, beside batch deletes of the very same items by keys that are known, in the same run. Its Queries ask for what each issue has.',
  'team-deletion':
    'The deletion of a team that has issues, an issue of them, beside as many of the smallest transactions that unassign one, in the same run.',
  reconcile:
    'A preview of CODEOWNERS that name 200 teams, an issue that it looks at, and a reconciliation that gives every open issue of the project to one of these, an issue of it: the page of the list, the events, the transaction that assigns it and records that, and the count at the end.',
  plans:
    'A plan of unheld issues that gives them to somebody, made and applied, beside the very transactions that it has written to the issues, sent to another table in the same run, as many at a time: an issue of it. Memory is looked at in a run of its own, at every page.',
  lists: 'What lists cost by the number of issues.',
  ids: 'Ids, one by one and in bursts, beside the plain look-back on the same server: one INCR for each second that it looks back.',
  cache:
    'What goes to the cache and comes back, after the first time: commands, and bytes as they are on the wire.',
  ownership:
    '10,000 rules against an event of 200 frames, as projects have them and as somebody would write them to make matching slow. Growth is that of the steps where every path is twice as long: 2 is linear.',
  'cold-start':
    'What a function loads: its bundle, and the CPU time until group-update is imported, beside that of an empty handler, with the flags that are deployed.',
  stack:
    '`npm start`: until it is ready, and what it takes at rest. Those are times of a machine; the targets are 3 s where nothing has changed, and 1.5 % of a core at rest.',
} as const satisfies Readonly<Record<string, string>>;

/** The name of a bench. */
export type BenchName = keyof typeof BENCHES;

export const BENCH_NAMES = Object.keys(BENCHES) as BenchName[];
