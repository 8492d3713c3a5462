import { setTimeout as delay } from 'node:timers/promises';
import { formatActor } from '../../../shared/domain/actor.ts';
import {
  hasEnded,
  type Operation,
  type OperationState,
  operationStates,
} from '../../../shared/domain/bulk/operation.ts';
import { issueOutcomes, totalOf } from '../../../shared/domain/bulk/outcome.ts';
import { requestCancellation } from '../../../shared/operations/bulk/read-operations.ts';
import { type Progress, progressFor } from '../../terminal/progress.ts';
import { COMMON_USAGE, commandOf, readArguments, report, required, tableOf } from '../command.ts';
import { type Directory, findOrganization, openDirectory } from '../directory.ts';

/** A list shows so many, the newest. */
const MOST_LISTED = 50;
/** How often an operation is looked at that is watched: it counts after each page of its issues. */
const WATCH_INTERVAL_MS = 1_000;

/** `operations`: the work over many issues that goes on after its request was answered. */
export const operations = commandOf('operations', { list, show, watch, cancel }, [
  [
    `operations list --organization ORG [--state STATE] ${COMMON_USAGE}`,
    `the newest ${MOST_LISTED} operations of an organization over many issues, and how far they are`,
  ],
  [`operations show ID ${COMMON_USAGE}`, 'one operation, with what became of its issues'],
  [
    `operations watch ID ${COMMON_USAGE}`,
    'says how far an operation is until it has ended; fails unless it is done',
  ],
  [`operations cancel ID ${COMMON_USAGE}`, 'ends an operation early; what it has done stays'],
]);

async function list(args: readonly string[]): Promise<boolean> {
  const { values } = readArguments(args, {
    organization: { type: 'string' },
    state: { type: 'string' },
  });
  const reference = required(values.organization, 'Name an organization with --organization.');
  const state = values.state === undefined ? null : stateOf(values.state);
  const directory = await openDirectory(values);
  const { id } = await findOrganization(directory, reference);
  const asked = { state, limit: MOST_LISTED };
  const page = await directory.operations.page(id, asked, directory.clock());
  return report(values, {
    lines: tableOf(
      ['id', 'kind', 'state', 'issues', 'created', 'by'],
      page.operations.map((operation) => [
        ...[operation.id, kindOf(operation), operation.state, extentOf(operation)],
        ...[operation.createdAt, makerOf(operation)],
      ]),
    ),
    value: page.operations.map(shown),
  });
}

async function show(args: readonly string[]): Promise<boolean> {
  const { values, word } = readArguments(args, {});
  const directory = await openDirectory(values);
  return reportOne(values, await findById(directory, word));
}

async function watch(args: readonly string[]): Promise<boolean> {
  const { values, word } = readArguments(args, {});
  const directory = await openDirectory(values);
  const progress = progressFor(values);
  try {
    const ended = await watchUntilEnd(directory, await findById(directory, word), progress);
    progress.end();
    reportOne(values, ended);
    return ended.state === 'done';
  } finally {
    progress.end();
  }
}

/** Says how far an operation is, until it has ended. */
async function watchUntilEnd(
  directory: Directory,
  first: Operation,
  progress: Progress,
): Promise<Operation> {
  let operation = first;
  let state: OperationState | undefined;
  for (;;) {
    if (operation.state !== state) {
      ({ state } = operation);
      progress.step(`Operation ${operation.id} (${kindOf(operation)}) is ${state}`);
    }
    progress.count(totalOf(operation.counts), operation.requested ?? undefined);
    if (hasEnded(operation)) {
      return operation;
    }
    await delay(WATCH_INTERVAL_MS);
    operation = await findById(directory, operation.id);
  }
}

async function cancel(args: readonly string[]): Promise<boolean> {
  const { values, word } = readArguments(args, {});
  const directory = await openDirectory(values);
  const { id, organizationId, state } = await findById(directory, word);
  if (state === 'done' || state === 'failed') {
    throw new Error(`The operation ${id} has ended: it is ${state}.`);
  }
  return reportOne(values, await requestCancellation(directory, organizationId, id));
}

function stateOf(text: string): OperationState {
  const state = operationStates.find((one) => one === text);
  return required(state, `--state takes one of ${operationStates.join(', ')}, not "${text}".`);
}

async function findById(
  { operations: store, clock, stack }: Directory,
  word: string | undefined,
): Promise<Operation> {
  const id = required(word, 'Give the id of an operation.');
  const operation = await store.byId(id, clock());
  if (operation === undefined) {
    throw new Error(
      `There is no operation ${id} in ${stack.name}. Operations are kept for 30 days.`,
    );
  }
  return operation;
}

function reportOne(values: { readonly json: boolean }, operation: Operation): true {
  const { id, state, plan, note, counts, createdAt, startedAt, finishedAt } = operation;
  const outcomes = issueOutcomes.map((outcome) => `${counts[outcome]} ${outcome}`);
  return report(values, {
    lines: [
      `Operation ${id}, ${kindOf(operation)}, is ${state}.`,
      `issues    ${extentOf(operation)}: ${outcomes.join(', ')}`,
      ...(plan === null ? [] : [`plan      ${plan}`]),
      ...(note === null ? [] : [`note      ${note}`]),
      `created   ${createdAt} by ${makerOf(operation)}`,
      `started   ${startedAt ?? '-'}`,
      `finished  ${finishedAt ?? '-'}`,
    ],
    value: shown(operation),
  });
}

/** `reconcile of project 31, dry run`. */
function kindOf({ kind, projectId, dryRun }: Operation): string {
  const about = projectId === null ? kind : `${kind} of project ${projectId}`;
  return dryRun ? `${about}, dry run` : about;
}

/** `20 of 350`; of how many is not known before an operation has begun. */
function extentOf({ counts, requested }: Operation): string {
  const done = totalOf(counts);
  return requested === null ? String(done) : `${done} of ${requested}`;
}

function makerOf({ createdBy }: Operation): string {
  return createdBy === null ? 'a token without a user' : formatActor(createdBy);
}

function shown(operation: Operation) {
  const { id, organizationId, kind, state, dryRun, projectId, requested, counts } = operation;
  const { plan, note, createdBy, createdAt, startedAt, finishedAt } = operation;
  return {
    ...{ id, organizationId, kind, plan, note, state, dryRun, projectId, requested, ...counts },
    createdBy: createdBy === null ? null : formatActor(createdBy),
    ...{ createdAt, startedAt, finishedAt },
  };
}
