import { invalidFields } from '../errors.ts';

/** Which owners a project lets issues be assigned to by themselves. */
export type AutoAssignment = {
  /** Owners by rule, the project's own and CODEOWNERS. */
  readonly autoAssignment: boolean;
  /** Authors of suspect commits. */
  readonly suspectCommitterAutoAssignment: boolean;
};

/** What holds for a project that never saved its ownership. */
export const defaultAutoAssignment: AutoAssignment = {
  autoAssignment: true,
  suspectCommitterAutoAssignment: false,
};

const flagsByText: ReadonlyMap<string, AutoAssignment> = new Map(
  Object.entries<AutoAssignment>({
    'Auto Assign to Issue Owner': defaultAutoAssignment,
    'Auto Assign to Suspect Commits': {
      autoAssignment: true,
      suspectCommitterAutoAssignment: true,
    },
    'Turn off Auto-Assignment': {
      autoAssignment: false,
      suspectCommitterAutoAssignment: false,
    },
  }),
);

/** The setting as the API shows it. Without owners by rule it reads as turned off. */
export function autoAssignmentText(flags: AutoAssignment): string {
  if (!flags.autoAssignment) {
    return 'Turn off Auto-Assignment';
  }
  return flags.suspectCommitterAutoAssignment
    ? 'Auto Assign to Suspect Commits'
    : 'Auto Assign to Issue Owner';
}

/**
 * The setting that a text stands for. Throws `request.invalid` on `autoAssignment` for any other
 * value.
 */
export function parseAutoAssignment(text: unknown): AutoAssignment {
  const flags = typeof text === 'string' && flagsByText.get(text);
  if (!flags) {
    throw invalidFields({ autoAssignment: ['Invalid selection.'] });
  }
  return flags;
}
