import { type ClientKey, SDK_VERSIONS } from '../../../domain/projects/client-key.ts';
import type { Searchable } from '../../search.ts';

/** A client key with the addresses made of it; `/envelope/` and `/store/` below them answer. */
export function serializeClientKey(key: ClientKey, baseUrl: string) {
  const { id, secret, projectId } = key;
  const { protocol, host } = new URL(baseUrl);
  const api = `${protocol}//${host}/api/${projectId}`;
  return {
    id,
    name: key.name,
    label: key.name,
    public: id,
    secret,
    projectId: Number(projectId),
    isActive: key.isActive,
    rateLimit: key.rateLimit,
    dsn: {
      secret: `${protocol}//${id}:${secret}@${host}/${projectId}`,
      public: `${protocol}//${id}@${host}/${projectId}`,
      csp: `${api}/csp-report/?sentry_key=${id}`,
      security: `${api}/security/?sentry_key=${id}`,
      minidump: `${api}/minidump/?sentry_key=${id}`,
      nel: `${api}/nel/?sentry_key=${id}`,
      unreal: `${api}/unreal/${id}/`,
      crons: `${api}/cron/___MONITOR_SLUG___/${id}/`,
      cdn: `${protocol}//${host}/js-sdk-loader/${id}.min.js`,
      playstation: `${api}/playstation/?sentry_key=${id}`,
      integration: `${api}/integration/`,
      otlp_traces: `${api}/integration/otlp/v1/traces`,
      otlp_logs: `${api}/integration/otlp/v1/logs`,
    },
    browserSdkVersion: key.browserSdkVersion,
    browserSdk: { choices: SDK_VERSIONS.map((version) => [version, version]) },
    dynamicSdkLoaderOptions: key.loaderOptions,
    dateCreated: key.dateCreated,
  };
}

/** By what a search finds client keys. */
export function searchableClientKey({ id, name }: ClientKey): Searchable {
  return { keys: { id: [id], name: [name] }, text: [id, name] };
}
