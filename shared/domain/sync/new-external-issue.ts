import type { FieldMessages } from '../errors.ts';
import type { Provider } from './external-issue.ts';
import { normalizeKey } from './external-key.ts';

/** An issue that is to be created at a tracker. */
export type NewExternalIssue = {
  /** The repository or the project that it is created in. */
  readonly container: string;
  readonly title: string;
  /** Plain text; empty for none. */
  readonly description: string;
  /** What kind of issue, where the tracker has kinds and wants one named: `Task`. */
  readonly kind: string;
};

/** What a caller says of an issue that is to be created, by the names of Sentry's forms. */
export type IssueFields = {
  readonly title?: string;
  /** What Sentry's form calls the title of a Jira issue. */
  readonly summary?: string;
  readonly description?: string;
  readonly repo?: string;
  readonly project?: string;
  readonly issuetype?: string;
  readonly work_item_type?: string;
};

/** The form that creates an issue at a tracker; `kind` is there where the tracker wants one. */
export type CreationForm = {
  readonly container: { readonly name: 'repo' | 'project'; readonly label: string };
  readonly title: 'title' | 'summary';
  readonly kind: { readonly name: 'issuetype' | 'work_item_type'; readonly label: string } | null;
  /** How the container is written, with an example. */
  readonly example: string;
};

/** What each tracker has to be told to create an issue. */
export const CREATION_FORMS: Readonly<Record<Provider, CreationForm>> = {
  github: {
    container: { name: 'repo', label: 'Repository' },
    title: 'title',
    kind: null,
    example: 'owner/repo, such as octocat/hello',
  },
  gitlab: {
    container: { name: 'project', label: 'Project' },
    title: 'title',
    kind: null,
    example: 'group/project, such as acme/tools/shop, or its number',
  },
  jira: {
    container: { name: 'project', label: 'Project' },
    title: 'summary',
    kind: { name: 'issuetype', label: 'Issue type' },
    example: 'the key of the project, such as SHOP, or its number',
  },
  azure: {
    container: { name: 'project', label: 'Project' },
    title: 'title',
    kind: { name: 'work_item_type', label: 'Work item type' },
    example: 'the name of the project, such as Shop',
  },
  redmine: {
    container: { name: 'project', label: 'Project' },
    title: 'title',
    kind: null,
    example: 'the identifier of the project, such as shop, or its number',
  },
};

/** What the trackers that allow least take as a title. */
export const LONGEST_TITLE = 255;

/** Jira's and Azure DevOps' usual processes all have it. */
export const DEFAULT_KIND = 'Task';

/** An issue as it can be created, or what is wrong with the fields that name it. */
export type NewIssueReading =
  | { readonly ok: true; readonly issue: NewExternalIssue }
  | { readonly ok: false; readonly problems: FieldMessages };

/** Reads what a caller says of an issue that is to be created at a tracker. */
export function readNewIssue(provider: Provider, fields: IssueFields): NewIssueReading {
  const form = CREATION_FORMS[provider];
  const title = fields[form.title] ?? fields.title;
  const container = fields[form.container.name];
  const problems = {
    ...(title === undefined ? { [form.title]: ['This field is required.'] } : {}),
    ...containerProblem(provider, form, container),
  };
  if (title === undefined || container === undefined || Object.keys(problems).length > 0) {
    return { ok: false, problems };
  }
  const kind = form.kind === null ? undefined : fields[form.kind.name];
  const description = fields.description ?? '';
  return { ok: true, issue: { container, title, description, kind: kind ?? DEFAULT_KIND } };
}

function containerProblem(
  provider: Provider,
  { container: { name }, example }: CreationForm,
  container: string | undefined,
): FieldMessages {
  if (container === undefined) {
    return { [name]: ['This field is required.'] };
  }
  return isContainer[provider](container) ? {} : { [name]: [`Write ${example}.`] };
}

/** Whether a text names a repository or a project, and leads nowhere else in an address. */
const isContainer: Readonly<Record<Provider, (text: string) => boolean>> = {
  github: (text) => normalizeKey('github', `${text}#1`) !== null,
  gitlab: (text) => isNumber(text) || normalizeKey('gitlab', `${text}#1`) !== null,
  jira: (text) => isNumber(text) || normalizeKey('jira', `${text}-1`) !== null,
  azure: (text) => /^[^/\\?#%:*"<>|]{1,64}$/.test(text) && !/^\.+$/.test(text),
  redmine: (text) => isNumber(text) || /^[a-z0-9][a-z0-9_-]{0,99}$/.test(text),
};

function isNumber(text: string): boolean {
  return /^[1-9]\d{0,11}$/.test(text);
}
