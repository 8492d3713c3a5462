import type { TrackerReply } from '../domain/sync/failure.ts';
import type { WorkflowState } from '../domain/sync/workflow.ts';
import type { TrackerHttp } from './http.ts';
import { listAt, textAt } from './json.ts';
import { createWorkflowLookup } from './workflow-lookup.ts';

/** The work item types whose states are remembered; an organization has a few for each project. */
const TYPES_KEPT = 200;

/**
 * What the five categories of Azure DevOps mean, and which comes first: work that is over is
 * `Completed` before it is `Resolved`, and what is taken up again goes to where the workflows of
 * Azure DevOps themselves lead it, `InProgress`. `Removed` takes a work item off the backlog: it is
 * over, but nobody here decides that.
 */
const categories: Readonly<Record<string, Omit<WorkflowState, 'name'>>> = {
  proposed: { status: 'open', preference: 2 },
  inprogress: { status: 'open', preference: 1 },
  resolved: { status: 'closed', preference: 2 },
  completed: { status: 'closed', preference: 1 },
  removed: { status: 'closed', preference: null },
};

/** A type of work item, which is a project's own. */
export type WorkItemType = { readonly project: string; readonly type: string };

/**
 * The states of a type in the order of its workflow, among them, if there is such a one, `state`.
 */
export type AzureWorkflow = (
  item: WorkItemType & { readonly state: string },
) => Promise<TrackerReply<readonly WorkflowState[]>>;

/** The workflows of an organization, whatever its processes call their states. */
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
  const meaning = Object.hasOwn(categories, category) ? categories[category] : undefined;
  return [{ name, ...(meaning ?? { status: null, preference: null }) }];
}
