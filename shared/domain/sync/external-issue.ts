/** The trackers that Baton keeps in step with. */
export type Provider = 'github' | 'jira' | 'gitlab' | 'azure' | 'redmine';

export const providers: readonly Provider[] = ['github', 'jira', 'gitlab', 'azure', 'redmine'];

/**
 * An account in a tracker. `externalId` never changes; `externalName` is what people see: a login
 * on GitHub and GitLab, a unique name on Azure DevOps, a display name elsewhere.
 */
export type ExternalPerson = {
  readonly externalId: string;
  readonly externalName: string;
  /** Only where the tracker shows it. */
  readonly email?: string;
};

export const externalStatuses = ['open', 'closed'] as const;
export type ExternalStatus = (typeof externalStatuses)[number];

/**
 * When an external issue last changed, as its tracker counts: a time (epoch milliseconds), a
 * revision number, both, or neither.
 */
export type ExternalVersion = { readonly atMs: number | null; readonly rev: number | null };

/** An external issue as it was read. */
export type ExternalIssue = {
  /** The key that it has now; another one than was asked for once the issue has moved. */
  readonly key: string;
  /** The tracker's id of the issue, which survives a move. */
  readonly stableId: string;
  readonly assignees: readonly ExternalPerson[];
  /** Null where the tracker does not say what the state that the issue is in means. */
  readonly status: ExternalStatus | null;
  readonly externalVersion: ExternalVersion;
  /** What a conditional write must present, where the tracker has such a thing. */
  readonly lock: number | null;
};

/** What the rules need to know about a tracker. */
export type ProviderTraits = {
  /** How many assignees one issue holds. */
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
 * Whether two records mean one account: by id, else, where names are unique, by name (an id that
 * was typed in by hand may be wrong, a login that was renamed has kept its id).
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

/** Whether two lists name the same accounts, in whatever order. */
export function samePeople(
  a: readonly ExternalPerson[],
  b: readonly ExternalPerson[],
  providerTraits: ProviderTraits,
): boolean {
  return a.length === b.length && a.every((one) => includesPerson(b, one, providerTraits));
}
