import type { Actor } from '../../domain/actor.ts';
import { notFound } from '../../domain/errors.ts';
import type { GroupId, OrganizationId } from '../../domain/ids.ts';
import type { Diagnostic } from '../../domain/ownership/diagnostic.ts';
import { requireCodeownersSize, requireTextLength } from '../../domain/ownership/ownership-text.ts';
import { defaultAutoAssignment } from '../../domain/ownership/settings.ts';
import { contentAfter, type Proposal } from '../../domain/ownership/trial/proposal.ts';
import type { ReconcileVerdict } from '../../domain/ownership/trial/reconcile.ts';
import { requireGoodTests, type TestResult } from '../../domain/ownership/trial/rule-test.ts';
import type { RulesContent } from '../../domain/ownership/versions/rules-content.ts';
import type { ProjectWithTeams } from '../../domain/projects/project.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { OwnershipStore } from '../../stores/ownership/ownership.ts';
import type { CodeownersNamesDeps } from './associate-names.ts';
import { type DescribeFilesDeps, describeFiles, requireRoom } from './codeowners.ts';
import { compileContent } from './compile-content.ts';
import { projectGate } from './project-gate.ts';
import {
  type DescribeOwnershipDeps,
  describeOwnership,
  type FindOwnershipProjectDeps,
  findProjectWithTeams,
} from './read-ownership.ts';
import { testCompiled } from './run-tests.ts';
import { type TriedIssue, type TryRulesDeps, tryRules } from './try-rules.ts';

export type PreviewRulesDeps = FindOwnershipProjectDeps &
  DescribeOwnershipDeps &
  DescribeFilesDeps &
  CodeownersNamesDeps &
  TryRulesDeps & {
    readonly organizations: Pick<OrganizationStore, 'byId'>;
    readonly ownership: Pick<OwnershipStore, 'rulesOf'>;
  };

type Moved = Extract<ReconcileVerdict, { kind: 'moved' }>;

/** An issue that would go to somebody else, as far as anything can move it. */
type MovedIssue = Omit<Moved, 'kind' | 'how'> & {
  readonly issue: GroupId;
  readonly shortId: string;
};

/** What rules that are not saved would do. */
export type RulesPreview = {
  readonly checked: number;
  readonly unchanged: number;
  readonly moved: readonly MovedIssue[];
  /** The issues that the rules give to nobody: they keep their holders. */
  readonly unowned: readonly GroupId[];
  readonly withoutEvent: number;
  readonly tests: readonly TestResult[];
  readonly diagnostics: readonly Diagnostic[];
  /** Whether there are more open issues than were looked at. */
  readonly truncated: boolean;
};

/** So many issues are looked at, those seen last. */
const MOST_ISSUES = 1_000;
/** And no more once so many comparisons were made: some seconds of them. */
const MOST_STEPS = 1_000_000_000;

/**
 * Says what a save of rules would do with a project's open issues, by the same code as live events,
 * and writes nothing. Lines that are no rules, and names that are nobody's, are left out and told.
 *
 * @throws DomainError `resource.not_found` for the project, `request.invalid` for texts that are
 * too long to be saved, or a CODEOWNERS file that is not there
 */
export async function previewRules(
  deps: PreviewRulesDeps,
  input: {
    readonly organizationId: OrganizationId;
    readonly project: string;
    readonly proposal: Proposal;
  },
): Promise<RulesPreview> {
  const { organizationId, proposal } = input;
  const project = await findProjectWithTeams(deps, organizationId, input.project);
  const [organization, before] = await Promise.all([
    deps.organizations.byId(organizationId),
    deps.ownership.rulesOf(project.project.id),
  ]);
  if (organization === undefined) {
    throw notFound();
  }
  requireSizes(proposal);
  const { content, diagnostics } = contentAfter(before, proposal, deps.clock());
  if (proposal.codeowners !== undefined) {
    requireRoom(content.codeowners);
  }
  const [rules, described] = await Promise.all([
    compileContent(deps, project, content),
    diagnose(deps, project, content),
  ]);
  const reconcile = {
    settings: content.ownership ?? defaultAutoAssignment,
    isSwitchedOff: projectGate(organization, project.project.id).stopped,
  };
  const tests = await testCompiled(deps, project, rules, content.tests);
  const outcome = await summarize(tryRules(deps, { project, rules, reconcile }));
  return { ...outcome, tests, diagnostics: [...diagnostics, ...described] };
}

function requireSizes({ raw, codeowners = [], tests = [] }: Proposal): void {
  requireTextLength(raw ?? '');
  for (const file of codeowners) {
    requireCodeownersSize(file.raw);
  }
  requireGoodTests(tests);
}

async function diagnose(
  deps: DescribeOwnershipDeps & DescribeFilesDeps,
  project: ProjectWithTeams,
  content: RulesContent,
): Promise<Diagnostic[]> {
  const [rules, files] = await Promise.all([
    describeOwnership(deps, project, content),
    describeFiles(deps, project, content.codeowners),
  ]);
  return [rules, ...files].flatMap(({ diagnostics }) => diagnostics);
}

/** Looks at page after page, as long as there is room. */
async function summarize(
  pages: ReturnType<typeof tryRules>,
): Promise<Omit<RulesPreview, 'tests' | 'diagnostics'>> {
  const tried: TriedIssue[] = [];
  let [steps, truncated] = [0, false];
  for await (const page of pages) {
    tried.push(...page.issues);
    steps += page.issues.reduce((sum, issue) => sum + issue.steps, 0);
    if (tried.length >= MOST_ISSUES || steps >= MOST_STEPS) {
      truncated = page.more;
      break;
    }
  }
  const idsOf = (kind: 'unchanged' | 'unowned' | undefined) =>
    tried.flatMap(({ issue, verdict }) => (verdict?.kind === kind ? [issue.id] : []));
  return {
    checked: tried.length,
    unchanged: idsOf('unchanged').length,
    moved: tried.flatMap(movedIssue),
    unowned: idsOf('unowned'),
    withoutEvent: idsOf(undefined).length,
    truncated,
  };
}

function movedIssue({ issue: { id, shortId }, verdict }: TriedIssue): MovedIssue[] {
  if (verdict?.kind !== 'moved') {
    return [];
  }
  const { from, to, rule, by } = verdict;
  return [{ issue: id, shortId, from, to, rule, by }];
}

/** Everybody whom a preview names, for their names to be read. */
export function actorsOfPreview({ moved }: RulesPreview): Actor[] {
  return moved.flatMap(({ from, to }) => (from === null ? [to] : [from, to]));
}
