import { invalidFields } from '../errors.ts';

/** The owners that issues of a project are assigned to automatically. */
export type AutoAssignment = {
  /** Owners by rule: the project's own rules and CODEOWNERS. */
  readonly autoAssignment: boolean;
  /** Authors of suspect commits. */
  readonly suspectCommitterAutoAssignment: boolean;
};

/** The setting of a project that never saved its ownership. */
export const defaultAutoAssignment: AutoAssignment = {
  autoAssignment: true,
  suspectCommitterAutoAssignment: false,
};

const flagsByText: Readonly<Record<string, AutoAssignment>> = {
  'Auto Assign to Issue Owner': defaultAutoAssignment,
  'Auto Assign to Suspect Commits': {
    autoAssignment: true,
    suspectCommitterAutoAssignment: true,
  },
  'Turn off Auto-Assignment': {
    autoAssignment: false,
    suspectCommitterAutoAssignment: false,
  },
};

/** The setting's text in the API. Without owners by rule it reads as turned off. */
export function autoAssignmentText(flags: AutoAssignment): string {
  if (!flags.autoAssignment) {
    return 'Turn off Auto-Assignment';
  }
  return flags.suspectCommitterAutoAssignment
    ? 'Auto Assign to Suspect Commits'
    : 'Auto Assign to Issue Owner';
}

/** The setting of a text. */
export function parseAutoAssignment(text: unknown): AutoAssignment {
  const flags = typeof text === 'string' && Object.hasOwn(flagsByText, text) && flagsByText[text];
  if (!flags) {
    throw invalidFields({ autoAssignment: ['Invalid selection.'] });
  }
  return flags;
}
