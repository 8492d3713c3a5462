/** The parts of a CloudFormation template that the driver reads. */
export type Template = { readonly Resources: Readonly<Record<string, Resource>> };

export type Resource = {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
};

/** The values of references to a resource: that of `Ref`, and those of `Fn::GetAtt`. */
export type Identity = {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
};

/**
 * Resolves the intrinsic functions in a value of the template. `path` is its path in the template,
 * for errors.
 */
export type Resolve = (value: unknown, path: string) => unknown;

type ResolverOptions = {
  template: Template;
  /** Such as `AWS::Region`. */
  pseudoParameters: Readonly<Record<string, string>>;
  /** Undefined for a resource that is ignored locally. */
  identityOf: (logicalId: string) => Identity | undefined;
};

/** Returns the value of an intrinsic function for its argument. */
type Intrinsic = (argument: unknown, path: string) => unknown;

/** An error about a path in the template. */
export function refusal(path: string, sentence: string): Error {
  return new Error(`${path}: ${sentence}`);
}

/**
 * Resolves `Ref`, `Fn::GetAtt`, `Fn::Join` and `Fn::Sub`. Other intrinsic functions are refused,
 * and so are references to resources that are ignored locally.
 */
export function createResolver({
  template,
  pseudoParameters,
  identityOf,
}: ResolverOptions): Resolve {
  const identity = (logicalId: string, path: string): Identity => {
    const resource = template.Resources[logicalId];
    if (!resource) {
      throw refusal(path, `refers to ${logicalId}, which is not in the template.`);
    }
    const found = identityOf(logicalId);
    if (found) {
      return found;
    }
    throw refusal(path, `refers to ${logicalId} (${resource.Type}), which does not exist locally.`);
  };

  const ref = (name: string, path: string): unknown => {
    if (name === 'AWS::NoValue') {
      return undefined;
    }
    if (name.startsWith('AWS::')) {
      const value = pseudoParameters[name];
      if (value === undefined) {
        throw refusal(path, `the pseudo parameter ${name} is not supported locally.`);
      }
      return value;
    }
    return identity(name, path).ref;
  };

  const attribute = (logicalId: string, name: string, path: string): string => {
    const value = identity(logicalId, path).attributes[name];
    if (value === undefined) {
      const type = template.Resources[logicalId]?.Type;
      throw refusal(
        path,
        `the attribute ${name} of ${logicalId} (${type}) is not supported locally.`,
      );
    }
    return value;
  };

  const substitute = (text: string, own: Record<string, unknown>, path: string): string =>
    text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
      if (name.startsWith('!')) {
        return `\${${name.slice(1)}}`;
      }
      if (name in own) {
        return asText(resolve(own[name], `${path}.${name}`), path);
      }
      const [logicalId = '', ...rest] = name.trim().split('.');
      return rest.length > 0
        ? attribute(logicalId, rest.join('.'), path)
        : asText(ref(logicalId, path), path);
    });

  const intrinsics: Record<string, Intrinsic> = {
    Ref: (argument, path) => ref(asText(argument, path), path),
    'Fn::GetAtt': (argument, path) => {
      const [logicalId = '', ...rest] =
        typeof argument === 'string' ? argument.split('.') : asList(argument, path).map(String);
      return attribute(logicalId, rest.join('.'), path);
    },
    'Fn::Join': (argument, path) => {
      const [separator, parts] = asList(argument, path);
      return asList(parts, path)
        .map((part, index) => asText(resolve(part, `${path}[1][${index}]`), path))
        .join(asText(separator, path));
    },
    'Fn::Sub': (argument, path) => {
      if (typeof argument === 'string') {
        return substitute(argument, {}, path);
      }
      const [text, own] = asList(argument, path);
      return substitute(asText(text, path), own as Record<string, unknown>, path);
    },
  };

  const intrinsicOf = (name: string, path: string): Intrinsic | undefined => {
    const intrinsic = intrinsics[name];
    if (!intrinsic && name.startsWith('Fn::')) {
      throw refusal(path, `the function ${name} is not supported locally.`);
    }
    return intrinsic;
  };

  function resolve(value: unknown, path: string): unknown {
    if (Array.isArray(value)) {
      return value
        .map((item, index) => resolve(item, `${path}[${index}]`))
        .filter((item) => item !== undefined);
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const entries = Object.entries(value);
    const [name = '', argument] = entries.length === 1 ? (entries[0] ?? []) : [];
    const intrinsic = intrinsicOf(name, path);
    if (intrinsic) {
      return intrinsic(argument, `${path}.${name}`);
    }
    return Object.fromEntries(
      entries
        .map(([key, item]) => [key, resolve(item, `${path}.${key}`)] as const)
        .filter(([, item]) => item !== undefined),
    );
  }

  return resolve;
}

function asText(value: unknown, path: string): string {
  if (typeof value === 'string' || typeof value === 'number') {
    return String(value);
  }
  throw refusal(path, `must be a string, not ${JSON.stringify(value)}.`);
}

function asList(value: unknown, path: string): unknown[] {
  if (Array.isArray(value)) {
    return value;
  }
  throw refusal(path, `must be a list, not ${JSON.stringify(value)}.`);
}
