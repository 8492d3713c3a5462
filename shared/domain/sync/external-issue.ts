/** The trackers that Baton syncs with. */
export type Provider = 'github' | 'jira' | 'gitlab' | 'azure' | 'redmine';

export const providers: readonly Provider[] = ['github', 'jira', 'gitlab', 'azure', 'redmine'];

/**
 * An account in a tracker. `externalId` never changes. `externalName` is shown to people: a login
 * on GitHub and GitLab, a unique name on Azure DevOps, a display name elsewhere.
 */
export type ExternalPerson = {
  readonly externalId: string;
  readonly externalName: string;
  /** Absent where the tracker does not show it. */
  readonly email?: string;
};

export const externalStatuses = ['open', 'closed'] as const;
export type ExternalStatus = (typeof externalStatuses)[number];

/**
 * The version of an external issue: the time of its last change (epoch milliseconds), a revision
 * number, both, or neither, as its tracker provides.
 */
export type ExternalVersion = { readonly atMs: number | null; readonly rev: number | null };

/** An external issue as it was read. */
export type ExternalIssue = {
  /** Its present key, which differs from the requested one after the issue has moved. */
  readonly key: string;
  /** The tracker's id of the issue, which stays the same when the issue moves. */
  readonly stableId: string;
  readonly assignees: readonly ExternalPerson[];
  /** Null where the tracker does not say whether the issue's state is open or closed. */
  readonly status: ExternalStatus | null;
  readonly externalVersion: ExternalVersion;
  /** The value for a conditional write; null where the tracker has none. */
  readonly lock: number | null;
};

/** The properties of a tracker that the rules need. */
export type ProviderTraits = {
  /** Whether an issue can have several assignees. */
  readonly capacity: 'one' | 'many';
  /** Whether `externalName` identifies an account. Display names do not: people share them. */
  readonly uniqueNames: boolean;
};

const traits: Record<Provider, ProviderTraits> = {
  github: { capacity: 'many', uniqueNames: true },
  gitlab: { capacity: 'many', uniqueNames: true },
  azure: { capacity: 'one', uniqueNames: true },
  jira: { capacity: 'one', uniqueNames: false },
  redmine: { capacity: 'one', uniqueNames: false },
};

export function traitsOf(provider: Provider): ProviderTraits {
  return traits[provider];
}

/** `@Octocat` and `octocat` are one login. */
export function comparableName(name: string): string {
  return name.trim().replace(/^@/, '').toLowerCase();
}

/**
 * Whether two records are the same account: by id; where names are unique, also by name, since an
 * id that was typed by hand may be wrong.
 */
export function samePerson(
  a: ExternalPerson,
  b: ExternalPerson,
  { uniqueNames }: Pick<ProviderTraits, 'uniqueNames'>,
): boolean {
  if (a.externalId !== '' && a.externalId === b.externalId) {
    return true;
  }
  const name = comparableName(a.externalName);
  return uniqueNames && name !== '' && name === comparableName(b.externalName);
}

/** Whether `person` is one of `people`. */
export function includesPerson(
  people: readonly ExternalPerson[],
  person: ExternalPerson,
  providerTraits: ProviderTraits,
): boolean {
  return people.some((candidate) => samePerson(candidate, person, providerTraits));
}

/** Whether two lists hold the same accounts, in any order. */
export function samePeople(
  a: readonly ExternalPerson[],
  b: readonly ExternalPerson[],
  providerTraits: ProviderTraits,
): boolean {
  return a.length === b.length && a.every((one) => includesPerson(b, one, providerTraits));
}
