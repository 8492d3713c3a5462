import type { ExternalPerson, Provider } from './external-issue.ts';

/** Account ids of trackers that number their accounts; other trackers have texts. */
const numbered = /^[1-9]\d{0,15}$/;

const shapes: Readonly<Record<Provider, RegExp>> = {
  github: numbered,
  gitlab: numbered,
  redmine: numbered,
  // "-1" would be the project's default assignee.
  jira: /^(?!-1$)\S{1,255}$/,
  azure: /^\S{1,255}$/,
};

/** Whether a tracker can have an account with this id; '' means that the id is not known. */
export function isAccountId(provider: Provider, externalId: string): boolean {
  return shapes[provider].test(externalId);
}

/** Says how to write an account id; null for an id that the tracker can have. */
export function accountIdProblem(provider: Provider, externalId: string): string | null {
  if (externalId === '' || isAccountId(provider, externalId)) {
    return null;
  }
  return shapes[provider] === numbered
    ? 'Write the number of the account, or leave this out.'
    : 'Write the id of the account, or leave this out.';
}

/** Says which person cannot be written to a tracker that needs account ids; null where all can. */
export function namelessProblem(
  provider: Provider,
  people: readonly ExternalPerson[],
): string | null {
  const stranger = people.find(({ externalId }) => !isAccountId(provider, externalId));
  return stranger === undefined
    ? null
    : `The account ${stranger.externalName} has no id of this tracker. Map it by the id of the account.`;
}
