import type { ProjectId } from '../ids.ts';

/** How many events a key may send; Baton keeps it for whoever enforces it. */
export type KeyRateLimit = { readonly count: number; readonly window: number };

/** What the loader of a browser SDK is to bring along. */
export const LOADER_OPTIONS = [
  'hasReplay',
  'hasPerformance',
  'hasDebug',
  'hasFeedback',
  'hasLogsAndMetrics',
] as const;
export type LoaderOptions = Readonly<Record<(typeof LOADER_OPTIONS)[number], boolean>>;

/** The releases of the browser SDK that a loader can bring. */
export const SDK_VERSIONS = ['10.x', '9.x', '8.x', '7.x', 'latest'] as const;

/** A client key of a project: what producers of events name their project by. */
export type ClientKey = {
  /** The public part, by which the key is also named. */
  readonly id: string;
  readonly secret: string;
  readonly projectId: ProjectId;
  readonly name: string;
  readonly isActive: boolean;
  readonly rateLimit: KeyRateLimit | null;
  readonly browserSdkVersion: (typeof SDK_VERSIONS)[number];
  readonly loaderOptions: LoaderOptions;
  readonly dateCreated: string;
};

/** What a request asks of a key: what is absent stays as it is, also of the loader's options. */
export type AskedOfKey = Partial<
  Pick<ClientKey, 'name' | 'isActive' | 'rateLimit' | 'browserSdkVersion'>
> & { readonly loaderOptions?: Partial<LoaderOptions> };

/** A project has no more keys, so that one read gives all of them. */
export const MOST_CLIENT_KEYS = 100;

const NO_LOADER_OPTIONS: LoaderOptions = {
  hasReplay: false,
  hasPerformance: false,
  hasDebug: false,
  hasFeedback: false,
  hasLogsAndMetrics: false,
};

/** A new key, before anything was asked of it. */
export function newClientKey(made: {
  readonly id: string;
  readonly secret: string;
  readonly projectId: ProjectId;
  readonly dateCreated: string;
}): ClientKey {
  return {
    ...made,
    name: `Key ${made.id.slice(0, 8)}`,
    isActive: true,
    rateLimit: null,
    browserSdkVersion: '10.x',
    loaderOptions: NO_LOADER_OPTIONS,
  };
}

/** A key with what was asked of it. */
export function changedKey(key: ClientKey, asked: AskedOfKey): ClientKey {
  return { ...key, ...asked, loaderOptions: { ...key.loaderOptions, ...asked.loaderOptions } };
}
