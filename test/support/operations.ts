import type {
  RequestedUpdate,
  UpdateGroupsDeps,
} from '../../shared/operations/issues/update-groups.ts';
import {
  createRuleReader,
  type RuleReaderDeps,
} from '../../shared/operations/ownership/rule-reader.ts';
import { type Stores, wireClockAndIds } from '../../shared/wiring.ts';

/** What an operation logged and counted. */
export type Telemetry = {
  readonly lines: { level: string; message: string; about: Readonly<Record<string, unknown>> }[];
  readonly counts: { name: string; dimensions: Readonly<Record<string, string>>; value: number }[];
};

/** What operations need beside the stores, with the telemetry kept for the test to look at. */
export function surroundings() {
  const telemetry: Telemetry = { lines: [], counts: [] };
  const line = (level: string) => (message: string, about: Readonly<Record<string, unknown>>) => {
    telemetry.lines.push({ level, message, about });
  };
  return {
    telemetry,
    ...wireClockAndIds(),
    log: { begin: () => undefined, info: line('info'), warn: line('warn'), error: line('error') },
    count(name: string, dimensions: Readonly<Record<string, string>> = {}, value = 1) {
      telemetry.counts.push({ name, dimensions, value });
    },
  };
}

/** Owner caches that hold nothing. */
export const emptyOwnerCaches = {
  invalidateGroups: async () => ({ ok: true, value: 0 }) as const,
};

/** What an update of groups needs, over these stores and with empty caches. */
export function updateDeps(stores: Stores): UpdateGroupsDeps & { readonly telemetry: Telemetry } {
  return { ...stores, ...surroundings(), ownerCaches: emptyOwnerCaches };
}

/** Adds a reader of the rules as they are stored, which needs no cache. */
export function withStoredRules<D extends Omit<RuleReaderDeps, 'ownershipCache'>>(deps: D) {
  return { ...deps, ruleReader: createRuleReader({ ...deps, ownershipCache: null }) };
}

/** The update that assigns to `user:12`, `team:21`, or nobody. */
export function assignedTo(text: string | null): RequestedUpdate {
  const [type, id] = (text ?? '').split(':') as ['user' | 'team', string];
  return {
    assignedTo: {
      actor: text === null ? { kind: 'nobody' } : { kind: 'actor', actor: { type, id } },
      assignedBy: null,
      integration: null,
    },
  };
}
