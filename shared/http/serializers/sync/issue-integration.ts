import { firstCodePoints } from '../../../domain/code-points.ts';
import type { Group } from '../../../domain/issues/group.ts';
import { externalIssueUrl, KEY_EXAMPLES } from '../../../domain/sync/external-key-url.ts';
import type { Integration } from '../../../domain/sync/integration.ts';
import type { IssueLink } from '../../../domain/sync/issue-link.ts';
import {
  CREATION_FORMS,
  DEFAULT_KIND,
  LONGEST_TITLE,
} from '../../../domain/sync/new-external-issue.ts';
import { type IssueLinks, permalinkOf } from '../issues/permalink.ts';
import { serializeTracker } from './integration.ts';

/**
 * A tracker with the external issues that an issue is linked to there. What they say is in the
 * tracker, and not kept.
 */
export function serializeLinkedTracker(integration: Integration, links: readonly IssueLink[]) {
  return {
    ...serializeTracker(integration),
    externalIssues: links.map((link) => ({
      ...named(integration, link),
      title: null,
      description: null,
    })),
  };
}

/** A tracker with the fields of the form that links an issue to one of its issues. */
export function serializeLinkForm(integration: Integration) {
  const placeholder = KEY_EXAMPLES[integration.provider];
  return {
    ...serializeTracker(integration),
    linkIssueConfig: [
      {
        ...{ name: 'externalIssue', label: 'Issue', type: 'string', required: true },
        ...{ default: '', placeholder },
      },
    ],
  };
}

/**
 * A tracker with the fields of the form that creates an issue there. People find the issue's title
 * and its address filled in.
 */
export function serializeCreationForm(
  integration: Integration,
  group: Pick<Group, 'id' | 'shortId' | 'title'>,
  links: IssueLinks,
) {
  const { container, title, kind, example } = CREATION_FORMS[integration.provider];
  const string = { type: 'string', required: true };
  return {
    ...serializeTracker(integration),
    createIssueConfig: [
      { ...container, ...string, default: '', placeholder: example },
      ...(kind === null ? [] : [{ ...kind, ...string, default: DEFAULT_KIND, placeholder: '' }]),
      {
        name: title,
        label: 'Title',
        ...string,
        default: firstCodePoints(group.title, LONGEST_TITLE),
        placeholder: '',
      },
      {
        ...{ name: 'description', label: 'Description', type: 'textarea', required: false },
        ...{ default: `${group.shortId}: ${permalinkOf(group.id, links)}`, placeholder: '' },
      },
    ],
  };
}

/** An external issue that an issue has just been linked to. */
export function serializeLinkedIssue(integration: Integration, link: IssueLink) {
  return { ...named(integration, link), integrationId: integration.id };
}

function named(integration: Integration, { id, externalKey }: IssueLink) {
  const url = externalIssueUrl(integration, externalKey);
  return { id, key: externalKey, url, displayName: externalKey };
}
