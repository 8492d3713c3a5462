import { noteBody } from '../../../shared/http/schemas/issues/note.ts';
import { PAGED } from '../parameters.ts';
import { type Documentation, made } from '../row.ts';

const WRITTEN =
  'The writer, and whom the text or `mentions` mentions, are subscribed to the issue. A token without a user may not write.';
const ONES_OWN = 'Only who wrote a note may change or delete it.';

/** What the API document says of notes. */
export const NOTE_OPERATIONS = {
  listIssueNotes: {
    tag: 'Notes',
    summary: 'List the notes of an issue, named by id alone, newest first.',
    query: PAGED,
    description: 'Each is an activity of the type `note`.',
    example: {},
  },
  listOrganizationIssueNotes: {
    tag: 'Notes',
    summary: 'List the notes of an issue, named by id or short id, newest first.',
    query: PAGED,
    description: 'Each is an activity of the type `note`.',
    example: { path: { issue: 'SHOP-1' } },
  },
  createIssueNote: {
    tag: 'Notes',
    summary: 'Write a note about an issue, named by id alone.',
    body: noteBody,
    description: WRITTEN,
    example: { body: { text: 'It began with the last deploy, @bob.', mentions: ['user:12'] } },
  },
  createOrganizationIssueNote: {
    tag: 'Notes',
    summary: 'Write a note about an issue, named by id or short id.',
    body: noteBody,
    description: WRITTEN,
    example: { path: { issue: 'SHOP-1' }, body: { text: 'Rolled back.' } },
  },
  updateIssueNote: {
    tag: 'Notes',
    summary: 'Change one’s own note about an issue, named by id alone.',
    body: noteBody,
    description: ONES_OWN,
    example: {
      path: { note: made('createIssueNote') },
      body: { text: 'It began with the deploy of Monday.' },
    },
  },
  updateOrganizationIssueNote: {
    tag: 'Notes',
    summary: 'Change one’s own note about an issue, named by id or short id.',
    body: noteBody,
    description: ONES_OWN,
    example: {
      path: { issue: 'SHOP-1', note: made('createOrganizationIssueNote') },
      body: { text: 'Rolled back, and it is gone.' },
    },
  },
  deleteIssueNote: {
    tag: 'Notes',
    summary: 'Delete one’s own note about an issue, named by id alone.',
    description: ONES_OWN,
    example: { path: { note: made('createIssueNote') } },
  },
  deleteOrganizationIssueNote: {
    tag: 'Notes',
    summary: 'Delete one’s own note about an issue, named by id or short id.',
    description: ONES_OWN,
    example: { path: { issue: 'SHOP-1', note: made('createOrganizationIssueNote') } },
  },
} as const satisfies Documentation;
