import type { Route } from './openapi.ts';

export type Match = {
  readonly route: Route;
  /** As in the path: API Gateway does not decode them. */
  readonly pathParameters: Readonly<Record<string, string>>;
};

type Node = {
  readonly literals: Map<string, Node>;
  parameter: Node | undefined;
  /** Matches the rest of the path: `{proxy+}`. */
  greedy: Node | undefined;
  readonly methods: Map<string, Route>;
};

/**
 * Finds the route of a method and a path with the priorities of API Gateway: a literal segment,
 * then a parameter, then `{proxy+}`. A slash at the end of the path is ignored.
 */
export function createRouter(
  routes: readonly Route[],
): (method: string, path: string) => Match | undefined {
  const root = emptyNode();
  for (const route of routes) {
    let node = root;
    for (const segment of route.segments) {
      node = childFor(node, segment);
    }
    node.methods.set(route.method, route);
  }

  return (method, path) => {
    const segments = path.replace(/\/$/, '').split('/').slice(1);
    if (segments.includes('')) {
      return undefined;
    }
    const route = find(root, segments, 0, method);
    return route && { route, pathParameters: parametersOf(route, segments) };
  };
}

function emptyNode(): Node {
  return { literals: new Map(), parameter: undefined, greedy: undefined, methods: new Map() };
}

function childFor(node: Node, segment: string): Node {
  if (/^\{.+\+\}$/.test(segment)) {
    node.greedy ??= emptyNode();
    return node.greedy;
  }
  if (/^\{.+\}$/.test(segment)) {
    node.parameter ??= emptyNode();
    return node.parameter;
  }
  const child = node.literals.get(segment) ?? emptyNode();
  node.literals.set(segment, child);
  return child;
}

function find(
  node: Node,
  segments: readonly string[],
  index: number,
  method: string,
): Route | undefined {
  const segment = segments[index];
  if (segment === undefined) {
    return node.methods.get(method) ?? node.methods.get('ANY');
  }
  const literal = node.literals.get(segment);
  return (
    (literal && find(literal, segments, index + 1, method)) ??
    (node.parameter && find(node.parameter, segments, index + 1, method)) ??
    node.greedy?.methods.get(method) ??
    node.greedy?.methods.get('ANY')
  );
}

function parametersOf(route: Route, segments: readonly string[]): Record<string, string> {
  const entries = route.segments.flatMap((segment, index): [string, string][] => {
    const greedy = /^\{(.+)\+\}$/.exec(segment)?.[1];
    if (greedy) {
      return [[greedy, segments.slice(index).join('/')]];
    }
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    return name ? [[name, segments[index] ?? '']] : [];
  });
  return Object.fromEntries(entries);
}
