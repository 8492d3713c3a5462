import {
  type GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';

/** The parameter store in memory: the outside of what is tested. */
export function parameterStore(values: Record<string, unknown>) {
  const parameters = new Map(
    Object.entries(values).map(([name, value]) => [
      name,
      { Value: typeof value === 'string' ? value : JSON.stringify(value), Version: 1 },
    ]),
  );
  const reads: string[] = [];
  const client = {
    async send(command: GetParameterCommand | PutParameterCommand) {
      const name = command.input.Name ?? '';
      const found = parameters.get(name);
      if (command instanceof PutParameterCommand) {
        const Version = (found?.Version ?? 0) + 1;
        parameters.set(name, { Value: command.input.Value ?? '', Version });
        return {};
      }
      reads.push(name);
      if (found === undefined) {
        throw new ParameterNotFound({ message: 'none', $metadata: {} });
      }
      return { Parameter: found };
    },
  };
  const stored = (name: string) => JSON.parse(parameters.get(name)?.Value ?? 'null');
  const put = (name: string, value: unknown) =>
    parameters.set(name, {
      Value: JSON.stringify(value),
      Version: (parameters.get(name)?.Version ?? 0) + 1,
    });
  return { client: client as unknown as SSMClient, reads, stored, put };
}
