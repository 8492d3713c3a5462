import type { TrackerReply } from '../../domain/sync/failure.ts';
import type { WorkflowState } from '../../domain/sync/workflow.ts';
import type { TrackerHttp } from '../http.ts';
import { listAt, textAt } from '../json.ts';
import { createWorkflowLookup } from '../workflow-lookup.ts';

/**
 * The number of work item types whose states are cached; an organization has a few for each
 * project.
 */
const TYPES_KEPT = 200;

/**
 * The five categories of Azure DevOps, with their preferences. Finished work becomes `Completed`
 * rather than `Resolved`; reopened work becomes `InProgress`, as in the workflows of Azure DevOps.
 * `Removed` takes a work item off the backlog: it counts as closed, but is never chosen.
 */
const categories: ReadonlyMap<string, Omit<WorkflowState, 'name'>> = new Map(
  Object.entries<Omit<WorkflowState, 'name'>>({
    proposed: { status: 'open', preference: 2 },
    inprogress: { status: 'open', preference: 1 },
    resolved: { status: 'closed', preference: 2 },
    completed: { status: 'closed', preference: 1 },
    removed: { status: 'closed', preference: null },
  }),
);

/** A type of work item. Each project has its own types. */
type WorkItemType = { readonly project: string; readonly type: string };

/** The states of a type in the order of its workflow, including `state` if the type has it. */
export type AzureWorkflow = (
  item: WorkItemType & { readonly state: string },
) => Promise<TrackerReply<readonly WorkflowState[]>>;

/** Reads the workflows of an organization, with any names of states. */
export function createAzureWorkflow(options: {
  readonly send: TrackerHttp;
  readonly apiVersion: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}): AzureWorkflow {
  const { send, apiVersion, now } = options;
  const lookup = createWorkflowLookup<WorkflowState>({
    size: TYPES_KEPT,
    now,
    async ask(path) {
      const reply = await send({ path });
      return reply.ok
        ? { ok: true, value: listAt(reply.value.body, 'value').flatMap(stateIn) }
        : reply;
    },
  });
  return ({ project, type, state }) => {
    const [inProject, ofType] = [project, type].map(encodeURIComponent);
    const path = `/${inProject}/_apis/wit/workitemtypes/${ofType}/states?${apiVersion}`;
    return lookup(path, ({ name }) => name === state);
  };
}

function stateIn(entry: unknown): WorkflowState[] {
  const name = textAt(entry, 'name');
  const category = textAt(entry, 'category')?.toLowerCase() ?? '';
  if (name === null) {
    return [];
  }
  const meaning = categories.get(category);
  return [{ name, ...(meaning ?? { status: null, preference: null }) }];
}
