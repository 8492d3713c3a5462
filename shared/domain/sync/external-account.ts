import type { ExternalPerson, Provider } from './external-issue.ts';

/** How the trackers that number their accounts do so; the others have ids of their own making. */
const numbered = /^[1-9]\d{0,15}$/;

const shapes: Readonly<Record<Provider, RegExp>> = {
  github: numbered,
  gitlab: numbered,
  redmine: numbered,
  // "-1" would be whoever the project assigns by itself.
  jira: /^(?!-1$)\S{1,255}$/,
  azure: /^\S{1,255}$/,
};

/** Whether a tracker can have an account with this id; '' stands for one that is not known. */
function isAccountId(provider: Provider, externalId: string): boolean {
  return shapes[provider].test(externalId);
}

/**
 * A sentence for whoever wrote an id that no account has; null for one that an account may have.
 */
export function accountIdProblem(provider: Provider, externalId: string): string | null {
  if (externalId === '' || isAccountId(provider, externalId)) {
    return null;
  }
  return shapes[provider] === numbered
    ? 'Write the number of the account, or leave this out.'
    : 'Write the id of the account, or leave this out.';
}

/** Why a person cannot be written to a tracker that wants ids; null for one that can. */
export function namelessProblem(
  provider: Provider,
  people: readonly ExternalPerson[],
): string | null {
  const stranger = people.find(({ externalId }) => !isAccountId(provider, externalId));
  return stranger === undefined
    ? null
    : `The account ${stranger.externalName} has no id of this tracker. Map it by the id of the account.`;
}
