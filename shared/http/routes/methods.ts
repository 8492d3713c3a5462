import type { Route } from './route.ts';

/** A method of HTTP that a path answers. */
export type Method = Route['method'] | 'HEAD' | 'OPTIONS';

/** The method whose row answers a request: what answers GET answers HEAD, without the body. */
export function rowMethod(method: string): string {
  return method === 'HEAD' ? 'GET' : method;
}

/** The methods that a path answers, of the rows that it has. */
export function methodsOf(
  routes: readonly Pick<Route, 'method' | 'path'>[],
  path: string,
): Method[] {
  const rows = routes.filter((route) => route.path === path).map(({ method }) => method);
  return [
    ...rows.flatMap((method) => (method === 'GET' ? (['GET', 'HEAD'] as const) : [method])),
    'OPTIONS',
  ];
}
