/** The nouns by which operations are listed, in this order. */
export const TAGS = {
  Issues: 'Problems that happen again and again, and whom they are assigned to.',
  Notes: 'What people write about issues.',
  Events: 'What is known of the events of issues. Events themselves are not kept.',
  Ownership: 'Rules that say who owns a problem, and why an issue has its owner.',
  CODEOWNERS: 'CODEOWNERS files, which become ownership rules.',
  Operations:
    'Work over many issues that goes on after its request was answered, with progress and an end.',
  Organizations: 'Organizations, and what belongs to all of one.',
  Members: 'The people of an organization: their roles, and the teams that they are in.',
  Teams: 'Teams of people, who can be assigned issues and own code.',
  Projects: 'Projects, their settings, and their deletion.',
  'Client keys': 'Keys by which an SDK names the project that it reports to.',
  Integrations: 'Trackers that issues are kept in step with.',
  'External issues': 'Links of issues to issues of trackers.',
  'External actors': 'Which account of a tracker is which user, and which group which team.',
  Webhooks: 'Where changes are told, signed as Standard Webhooks says, and what was sent there.',
  'Tracker webhooks': 'What trackers send.',
  Caller: 'The token itself, and where its data is.',
} as const;

export type Tag = keyof typeof TAGS;
