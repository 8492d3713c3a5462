import {
  DeleteParametersCommand,
  GetParametersByPathCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';

/** The maximum number of parameters that SSM deletes at a time. */
const NAMES_PER_CALL = 10;

/** The names of all parameters below `/baton/{stage}/`: those of the stack, and secrets. */
export async function stageParameterNames(ssm: SSMClient, stage: string): Promise<string[]> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ssm.send(
      new GetParametersByPathCommand({ Path: `/baton/${stage}/`, Recursive: true, NextToken }),
    );
    names.push(...(page.Parameters ?? []).flatMap(({ Name }) => (Name ? [Name] : [])));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return names;
}

/**
 * Deletes parameters; one that does not exist is no error. `onDeleted` is told how many are gone
 * after each call.
 */
export async function deleteParameters(
  ssm: SSMClient,
  names: readonly string[],
  onDeleted: (parameters: number) => void = () => {},
): Promise<void> {
  for (let start = 0; start < names.length; start += NAMES_PER_CALL) {
    const Names = names.slice(start, start + NAMES_PER_CALL);
    await ssm.send(new DeleteParametersCommand({ Names }));
    onDeleted(start + Names.length);
  }
}
