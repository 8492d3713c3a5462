import {
  decideRepetition,
  isKept,
  type KeptAnswer,
  type Repetition,
} from '../domain/idempotency.ts';
import { AGAIN, redecide } from '../retry.ts';
import type { KeyedRequest, RepeatStore } from '../stores/repeats.ts';
import type { Log } from './deps.ts';
import { uncounted, type WhileCounted } from './while-counted.ts';

export type AnswerOnceDeps = {
  readonly repeats: RepeatStore;
  readonly nowMs: () => number;
  readonly log: Pick<Log, 'warn'>;
};

export type RepeatableRequest = KeyedRequest & {
  /** Whether its writes are more than one transaction: the key is claimed before the first. */
  readonly claimsKey: boolean;
  readonly whileCounted?: WhileCounted;
};

export type AnsweredOnce = { readonly answer: KeptAnswer; readonly isReplayed: boolean };

/**
 * Answers a request that names a key, and does what it asks for once: a repeat is answered as the
 * first one was. `run` does the request and answers it; what it throws is a fault of ours, which is
 * never kept.
 *
 * @throws DomainError `request.key_reused` for a key of another request, `request.in_flight` while
 * another one with the same key is at work, `request.answer_lost` where one was applied and died
 * before its answer was kept
 */
export function answerOnce(
  deps: AnswerOnceDeps,
  request: RepeatableRequest,
  run: () => Promise<KeptAnswer>,
): Promise<AnsweredOnce> {
  return redecide(async () => {
    const { whileCounted = uncounted } = request;
    const known = await whileCounted(lookUp(deps, request));
    if (known.kind === 'refuse') {
      throw known.error;
    }
    if (known.kind === 'replay') {
      return { answer: known.answer, isReplayed: true };
    }
    const answer = request.claimsKey
      ? await runClaimed(deps, request, known.progress, run)
      : await runWithRecord(deps, request, run);
    return answer === AGAIN ? AGAIN : { answer, isReplayed: false };
  });
}

async function lookUp(deps: AnswerOnceDeps, request: RepeatableRequest): Promise<Repetition> {
  const nowMs = deps.nowMs();
  const record = await deps.repeats.find(request, nowMs);
  return decideRepetition(record, { fingerprint: request.fingerprint, nowMs });
}

/**
 * The claim is given back where the answer is not kept, so that the request can be done again: from
 * the beginning, or from what it has noted of its work outside of the table.
 */
async function runClaimed(
  deps: AnswerOnceDeps,
  request: RepeatableRequest,
  progress: string | null,
  run: () => Promise<KeptAnswer>,
): Promise<KeptAnswer | typeof AGAIN> {
  const { repeats } = deps;
  if (!(await repeats.claim(request, progress, deps.nowMs()))) {
    return AGAIN;
  }
  return repeats.underClaim(request, progress, async (noted) => {
    const release = () =>
      keeping(deps, request, () => repeats.release(request, noted(), deps.nowMs()));
    const answer = await orElse(run, release);
    if (isKept(answer.status)) {
      await keeping(deps, request, () => repeats.keep(request, answer, deps.nowMs()));
    } else {
      await release();
    }
    return answer;
  });
}

/** The record is committed with what the request writes, or not at all. */
function runWithRecord(
  deps: AnswerOnceDeps,
  request: RepeatableRequest,
  run: () => Promise<KeptAnswer>,
): Promise<KeptAnswer | typeof AGAIN> {
  return deps.repeats.runWithRecord(request, deps.nowMs(), async (commits) => {
    const answer = await orElse(run, () => afterCommit(deps, request, commits(), null));
    if (commits() === 0) {
      return afterNothing(deps, request, answer);
    }
    await afterCommit(deps, request, commits(), isKept(answer.status) ? answer : null);
    return answer;
  });
}

/** What was written is not written again, whatever was answered. */
async function afterCommit(
  deps: AnswerOnceDeps,
  request: RepeatableRequest,
  commits: number,
  answer: KeptAnswer | null,
): Promise<void> {
  if (commits > 1) {
    // The route's row should say `claimsKey`: a death between the two leaves it half done.
    const { requestId } = request;
    deps.log.warn('A request with an Idempotency-Key committed twice.', { requestId, commits });
  }
  if (commits > 0) {
    await keeping(deps, request, () => deps.repeats.keep(request, answer, deps.nowMs()));
  }
}

/** It may have written nothing because another one with its key did: then that one is answered. */
async function afterNothing(
  deps: AnswerOnceDeps,
  request: RepeatableRequest,
  answer: KeptAnswer,
): Promise<KeptAnswer | typeof AGAIN> {
  const isFree = isKept(answer.status)
    ? await deps.repeats.keepNew(request, answer, deps.nowMs())
    : (await lookUp(deps, request)).kind === 'run';
  return isFree ? answer : AGAIN;
}

/** What a request threw is thrown again, after what has to be done about it. */
async function orElse<T>(run: () => Promise<T>, failed: () => Promise<void>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    await failed();
    throw error;
  }
}

/** What was done is answered, also where that cannot be kept. */
async function keeping(
  { log }: AnswerOnceDeps,
  { requestId }: RepeatableRequest,
  keep: () => Promise<unknown>,
): Promise<void> {
  try {
    await keep();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn('The answer of a request with an Idempotency-Key was not kept.', {
      requestId,
      reason,
    });
  }
}
