import type { GenericSchema } from 'valibot';
import type { DomainErrorCode } from '../../shared/domain/errors.ts';
import type { Operation } from '../../shared/http/routes.ts';
import type { HeaderName } from './headers.ts';
import type { PathName, QueryName } from './parameters.ts';
import type { Tag } from './tags.ts';

/** A value of the answer to another operation's example, such as the id of what it made. */
export type Made = { readonly made: Operation; readonly field: string };

/**
 * A request that can be sent to the local stack with the demo world in it. What it does not say of
 * its path is said in `PATH_PARAMETERS`.
 */
type Example = {
  readonly path?: { readonly [Name in PathName]?: string | Made };
  readonly query?: { readonly [Name in QueryName]?: readonly (string | Made)[] };
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The status of the answer; by default the first one that the operation documents. */
  readonly status?: number;
  /** Examples that have to have been sent before, beside those whose answers this one names. */
  readonly after?: readonly Operation[];
};

/**
 * What the API document says of an operation beside what its row of the route table says: that it
 * takes a key, has a tag, is limited, or is narrowed by a parameter is known from there. Every
 * function holds that row, so what only people read is here.
 */
export type OperationDocumentation = {
  readonly tag: Tag;
  /** What it does, in one line. */
  readonly summary: string;
  /** What the summary leaves open, in plain words. */
  readonly description: string;
  readonly query?: readonly QueryName[];
  /** The schema that the endpoint parses. */
  readonly body?: GenericSchema;
  /** Fields of the body that are parsed beside the schema, as names of `FIELDS`. */
  readonly alsoInBody?: readonly string[];
  /** Headers of its answers. */
  readonly headers?: readonly HeaderName[];
  /** Refusals that do not follow from the row of the route table. */
  readonly refusals?: readonly DomainErrorCode[];
  readonly example: Example;
  /** An answer as it would be, where the demo world has nothing that the example could show. */
  readonly shown?: unknown;
};

/** A table of operations: what it has is checked row by row, and its keys are known. */
export type Documentation = { readonly [O in Operation]?: OperationDocumentation };

/** The value of a field in the answer to another operation's example; its id by default. */
export function made(operation: Operation, field = 'id'): Made {
  return { made: operation, field };
}
