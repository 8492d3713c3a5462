/**
 * What the local stack shows of its work while it works. Each part tells what it did and what that
 * followed from; nothing is kept here.
 */

/**
 * What a piece of work follows from: ids of requests to the gateway, of runs of schedules, and of
 * events that nobody's work has put. Work on a batch follows from all of the batch. None where
 * nobody knows.
 */
export type Causes = readonly string[];

/** A message of a queue, and what has become of it. */
export type SeenMessage = {
  readonly what: 'message';
  /**
   * `returned` is one whose reader failed: it comes again; `buried` is one that has moved to the
   * dead-letter queue.
   */
  readonly step: 'sent' | 'received' | 'deleted' | 'returned' | 'buried';
  readonly causes: Causes;
  readonly queue: string;
  readonly id: string;
  readonly body: string;
  /** The function that reads it, where one does. */
  readonly reader?: string | undefined;
};

/** An item before and after a write, as typed attributes; undefined where there is none. */
export type SeenItem = {
  readonly keys: Readonly<Record<string, Record<string, unknown>>>;
  readonly before: Readonly<Record<string, Record<string, unknown>>> | undefined;
  readonly after: Readonly<Record<string, Record<string, unknown>>> | undefined;
};

/** What was written together, from the stream of the table: by one call, or by nobody known. */
type SeenWrite = {
  readonly what: 'write';
  readonly causes: Causes;
  /** The access key that signed the call, which of a function is its name. */
  readonly writer: string | undefined;
  /** Such as `TransactWriteItems`. */
  readonly operation: string | undefined;
  readonly items: readonly SeenItem[];
};

/** A request of a function to another host, or a command that it sent to the cache. */
export type SeenCall =
  | {
      readonly kind: 'http';
      readonly method: string;
      readonly url: string;
      readonly body: string;
      /** Null where no answer came. */
      readonly status: number | null;
    }
  | {
      readonly kind: 'cache';
      readonly command: string;
      readonly args: readonly string[];
      readonly result: unknown;
    };

/** Something that the stack did. */
export type Seen =
  | {
      readonly what: 'request';
      readonly id: string;
      readonly method: string;
      readonly path: string;
      readonly query: string;
      readonly body: string;
    }
  | {
      readonly what: 'answer';
      readonly id: string;
      readonly status: number;
      readonly ms: number;
      /** The function that answered; undefined where the gateway did. */
      readonly by: string | undefined;
    }
  | SeenWrite
  | {
      readonly what: 'record';
      readonly causes: Causes;
      /** The function that a record of the stream goes to. */
      readonly reader: string;
      readonly attempt: number;
      readonly item: SeenItem;
    }
  | {
      readonly what: 'event';
      readonly causes: Causes;
      readonly id: string;
      readonly type: string;
      readonly detail: Readonly<Record<string, unknown>>;
      /** The rules that matched it, and where they send it. */
      readonly rules: readonly { readonly name: string; readonly targets: readonly string[] }[];
    }
  | SeenMessage
  | {
      readonly what: 'call';
      readonly causes: Causes;
      readonly caller: string;
      readonly call: SeenCall;
    };

/** Hears what the stack does. It must not throw, and must not keep what it is given. */
export type Observe = (seen: Seen) => void;

/** Hears nothing. */
export const unobserved: Observe = () => {};
