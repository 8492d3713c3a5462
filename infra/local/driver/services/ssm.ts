import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type AwsOperations, awsError } from './aws-json.ts';

/** The maximum number of names in a call. */
const MAX_NAMES = 10;

/** A parameter of the store. */
type Parameter = { readonly value: string; readonly type: string; readonly version: number };

export type ParameterStore = ReturnType<typeof createParameterStore>;

/**
 * The parameter store, in memory and, with `file`, also in that file, which only its owner can
 * read. Secrets are never in the table.
 */
export function createParameterStore(file: string | undefined) {
  const stored = file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const parameters = new Map<string, Parameter>(Object.entries(stored));

  const save = () => {
    if (!file) {
      return;
    }
    writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(parameters)), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };

  return {
    /** Writes or overwrites a parameter, and returns its version. */
    put(name: string, value: string, type = 'SecureString'): number {
      const version = (parameters.get(name)?.version ?? 0) + 1;
      parameters.set(name, { value, type, version });
      save();
      return version;
    },
    get: (name: string) => parameters.get(name),
    names: () => [...parameters.keys()],
    /** Removes a parameter; returns whether it existed. */
    remove(name: string): boolean {
      const existed = parameters.delete(name);
      save();
      return existed;
    },
  };
}

/** The operations of SSM that functions and operators use. */
export function createSsmOperations(store: ParameterStore): AwsOperations {
  const describe = (name: string) => {
    const parameter = store.get(name);
    if (!parameter) {
      return undefined;
    }
    return {
      Name: name,
      Type: parameter.type,
      Value: parameter.value,
      Version: parameter.version,
      DataType: 'text',
    };
  };

  return {
    GetParameter: ({ Name }) => {
      const Parameter = describe(String(Name));
      if (!Parameter) {
        throw awsError('ParameterNotFound', `The parameter ${String(Name)} does not exist.`);
      }
      return { Parameter };
    },
    GetParameters: ({ Names }) => {
      const names = Array.isArray(Names) ? Names.map(String) : [];
      const found = names.flatMap((name) => describe(name) ?? []);
      return {
        Parameters: found,
        InvalidParameters: names.filter((name) => store.get(name) === undefined),
      };
    },
    GetParametersByPath: ({ Path, Recursive }) => {
      const prefix = `${String(Path).replace(/\/+$/, '')}/`;
      const names = store
        .names()
        .filter((name) => name.startsWith(prefix))
        .filter((name) => Recursive === true || !name.slice(prefix.length).includes('/'));
      return { Parameters: names.sort().map(describe) };
    },
    PutParameter: ({ Name, Value, Type, Overwrite }) => {
      if (typeof Name !== 'string' || Name === '' || typeof Value !== 'string' || Value === '') {
        throw awsError('ValidationException', 'Name and Value are required strings.');
      }
      if (store.get(Name) && Overwrite !== true) {
        throw awsError(
          'ParameterAlreadyExists',
          'The parameter already exists. ' +
            'To overwrite this value, set the overwrite option in the request to true.',
        );
      }
      return { Version: store.put(Name, Value, String(Type ?? 'String')), Tier: 'Standard' };
    },
    DeleteParameters: ({ Names }) => {
      const names = Array.isArray(Names) ? Names.map(String) : [];
      if (names.length === 0 || names.length > MAX_NAMES) {
        throw awsError('ValidationException', `Names takes 1 to ${MAX_NAMES} names.`);
      }
      const DeletedParameters = names.filter((name) => store.remove(name));
      return {
        DeletedParameters,
        InvalidParameters: names.filter((name) => !DeletedParameters.includes(name)),
      };
    },
    DeleteParameter: ({ Name }) => {
      if (!store.remove(String(Name))) {
        throw awsError('ParameterNotFound', `The parameter ${String(Name)} does not exist.`);
      }
      return {};
    },
  };
}
