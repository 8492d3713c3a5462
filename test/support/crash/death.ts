import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * When a process is killed: when so many of its calls to the table have been answered, or at the
 * moment of that number, from 1. Its moments are those just before and just after each write. None
 * is at a read: after one, the table holds what it held before, and what the process has done
 * elsewhere meanwhile is done by the moment before its next write.
 */
export type Death = { readonly calls: number } | { readonly moment: number };

const READS = new Set(['GetItemCommand', 'BatchGetItemCommand', 'QueryCommand', 'ScanCommand']);

/**
 * Lets the process of a client die: from then on no call leaves it and no answer reaches it, while
 * what was sent before may still arrive.
 *
 * @param die called at that time, and at each call and answer after it; does not return
 */
export function dieAt(client: DynamoDBClient, death: Death, die: () => never): void {
  let [answered, moments] = [0, 0];
  const isOver = () => ('calls' in death ? answered >= death.calls : moments >= death.moment);
  const pass = (isMoment: boolean) => {
    if (!isOver() && isMoment) {
      moments += 1;
    }
    if (isOver()) {
      die();
    }
  };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const isWrite = !READS.has(String(context.commandName));
      pass(isWrite);
      const output = await next(args);
      answered += 1;
      pass(isWrite);
      return output;
    },
    { step: 'deserialize', priority: 'low' },
  );
}
