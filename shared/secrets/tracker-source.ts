import type { TrackerReply } from '../domain/sync/failure.ts';
import type { Integration } from '../domain/sync/integration.ts';
import type { IntegrationStore } from '../stores/sync/integrations.ts';
import { createTracker } from '../trackers/create-tracker.ts';
import type { IntegrationSecret, OAuthCredentials } from '../trackers/credentials.ts';
import { createGuardedFetch } from '../trackers/guarded-fetch.ts';
import { refreshOAuth } from '../trackers/oauth.ts';
import type { Tracker } from '../trackers/tracker.ts';
import { readable } from './integration-secret.ts';
import type { SecretStore, StoredSecret } from './secret-store.ts';

/**
 * How a renewal of credentials ended. `busy`: somebody else is renewing them, or the sign-in
 * service is down; try again in a moment.
 */
export type Renewal = 'renewed' | 'refused' | 'busy';

/** The trackers of integrations, signed in. */
export type TrackerSource = {
  of(integration: Integration): Promise<TrackerReply<Tracker>>;
  /** Gets newer credentials after the tracker refused those that were used. */
  renew(integration: Integration): Promise<Renewal>;
};

type Kept = { readonly key: string; readonly tracker: Promise<Tracker> };

/**
 * How long a claim on a renewal holds: longer than any exchange with a sign-in service. A process
 * that died with a claim holds others up for no longer than this.
 */
const RENEWAL_LASTS_MS = 30_000;

export function createTrackerSource(deps: {
  readonly secrets: Pick<SecretStore, 'read' | 'write'>;
  readonly integrations: Pick<IntegrationStore, 'claimRenewal' | 'endRenewal'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}): TrackerSource {
  const { secrets, integrations, now } = deps;
  const trackers = new Map<string, Kept>();
  /** The version of an integration's secret that its tracker was made with. */
  const versions = new Map<string, number>();

  /**
   * One tracker for each version of a secret: it keeps installation tokens and workflows' states.
   */
  function trackerFor(
    integration: Integration,
    stored: StoredSecret,
    { credentials }: IntegrationSecret,
  ): Promise<Tracker> {
    const { id, provider, baseUrl, allowPrivateAddress } = integration;
    const key = JSON.stringify([stored.version, baseUrl, allowPrivateAddress]);
    versions.set(id, stored.version);
    const before = trackers.get(id);
    if (before?.key === key) {
      return before.tracker;
    }
    const tracker = createTracker(provider, { baseUrl, credentials, allowPrivateAddress, now });
    trackers.set(id, { key, tracker });
    return tracker;
  }

  /**
   * The OAuth credentials that are to be renewed. `renewed` where the secret is not the one that
   * was used; `refused` where it cannot be renewed: it is gone, unreadable, or a plain token.
   */
  async function renewable(secretRef: string, usedVersion: number) {
    const stored = await secrets.read(secretRef, { fresh: true });
    if (stored === null || readable(stored) === null) {
      return 'refused';
    }
    if (stored.version !== usedVersion) {
      return 'renewed';
    }
    const credentials = oauthIn(stored);
    return credentials === null ? 'refused' : { stored, credentials };
  }

  /**
   * Trades the refresh token, under a claim: only one worker may. The answer is stored before it is
   * used, since the old refresh token is void.
   */
  async function trade(integration: Integration, usedVersion: number): Promise<Renewal> {
    const { secretRef, allowPrivateAddress } = integration;
    const found = await renewable(secretRef, usedVersion);
    if (typeof found === 'string') {
      return found;
    }
    const fetch = createGuardedFetch({ allowPrivateAddress });
    const reply = await refreshOAuth(found.credentials, { fetch, now });
    if (!reply.ok) {
      return reply.failure.kind === 'unauthorized' ? 'refused' : 'busy';
    }
    await secrets.write(secretRef, withCredentials(found.stored, reply.value));
    return 'renewed';
  }

  return {
    async of(integration) {
      const stored = await secrets.read(integration.secretRef);
      const secret = stored && readable(stored);
      if (stored === null || secret === null) {
        const reason = `The secret ${integration.secretRef} holds no credentials.`;
        return { ok: false, failure: { kind: 'unauthorized', reason } };
      }
      return { ok: true, value: await trackerFor(integration, stored, secret) };
    },

    async renew(integration) {
      const usedVersion = versions.get(integration.id) ?? 0;
      const found = await renewable(integration.secretRef, usedVersion);
      if (typeof found === 'string') {
        return found;
      }
      const nowMs = now();
      if (!(await integrations.claimRenewal(integration.id, nowMs, nowMs + RENEWAL_LASTS_MS))) {
        return 'busy';
      }
      try {
        return await trade(integration, usedVersion);
      } finally {
        await integrations.endRenewal(integration.id);
      }
    },
  };
}

/** The secret's value with renewed credentials, everything else as it was. */
function withCredentials(stored: StoredSecret, renewed: OAuthCredentials): object {
  const { accessToken, refreshToken, expiresAtMs } = renewed;
  return {
    ...(stored.value as object),
    accessToken,
    refreshToken,
    ...(expiresAtMs === null ? {} : { expiresAt: new Date(expiresAtMs).toISOString() }),
  };
}

function oauthIn(stored: StoredSecret): OAuthCredentials | null {
  const credentials = readable(stored)?.credentials;
  return credentials?.kind === 'oauth' ? credentials : null;
}
