import { createHash } from 'node:crypto';
import type { Organization, Team } from '../../../domain/directory.ts';
import type { Project } from '../../../domain/projects/project.ts';
import {
  FIXED_SETTINGS,
  settingsOf,
  shownOptions,
} from '../../../domain/projects/project-options.ts';
import { letterAvatar } from '../avatar.ts';
import { serializeOrganization } from '../directory/organization.ts';
import { serializeTeamSummary } from '../directory/team.ts';

/** What the caller may do in a project, and has set of it. */
export type ProjectViewer = {
  /** The caller's scopes. */
  readonly access: readonly string[];
  /** Whether the caller is in one of the project's teams. */
  readonly isMember: boolean;
  readonly isBookmarked: boolean;
};

/** A project in a list, with its teams in the order of their slugs. */
export function serializeProject(project: Project, teams: readonly Team[], viewer: ProjectViewer) {
  const summaries = [...teams].sort((a, b) => (a.slug < b.slug ? -1 : 1)).map(serializeTeamSummary);
  return {
    id: project.id,
    slug: project.slug,
    name: project.name,
    platform: project.platform,
    platforms: project.platform === null ? [] : [project.platform],
    team: summaries[0] ?? null,
    teams: summaries,
    isBookmarked: viewer.isBookmarked,
    isMember: viewer.isMember,
    hasAccess: true,
    access: viewer.access,
    dateCreated: project.dateCreated,
    firstEvent: project.firstEvent,
    ...WHAT_NO_PROJECT_HAS,
    environments: [],
    features: [],
    status: 'active',
    isPublic: false,
    isInternal: false,
    color: colorOf(project),
    avatar: letterAvatar,
    latestRelease: null,
    latestDeploys: null,
    resolveAge: settingsOf(project.options).resolveAge,
  };
}

/** A project by itself, with its organization and its options. */
export function serializeProjectDetail({
  project,
  organization,
  teams,
  viewer,
  baseUrl,
}: {
  readonly project: Project;
  readonly organization: Organization;
  readonly teams: readonly Team[];
  readonly viewer: ProjectViewer;
  readonly baseUrl: string;
}) {
  return {
    ...serializeProject(project, teams, viewer),
    organization: serializeOrganization(organization, baseUrl),
    options: shownOptions(project.options),
    ...settingsOf(project.options),
    ...FIXED_SETTINGS,
    highlightPreset: { tags: [], context: {} },
    derivedGroupingEnhancements: '',
    isDynamicallySampled: false,
    seerNightshiftTweaks: null,
    plugins: [],
    processingIssues: 0,
  };
}

/** Data of products that Baton does not have: there is none of any project. */
const WHAT_NO_PROJECT_HAS = {
  firstTransactionEvent: false,
  hasFeedbacks: false,
  hasFlags: false,
  hasInsightsAgentMonitoring: false,
  hasInsightsAppStart: false,
  hasInsightsAssets: false,
  hasInsightsCaches: false,
  hasInsightsDb: false,
  hasInsightsHttp: false,
  hasInsightsMCP: false,
  hasInsightsQueues: false,
  hasInsightsScreenLoad: false,
  hasInsightsVitals: false,
  hasLogs: false,
  hasMinifiedStackTrace: false,
  hasMonitors: false,
  hasNewFeedbacks: false,
  hasProfiles: false,
  hasReplays: false,
  hasSessions: false,
  hasTraceMetrics: false,
  hasUserReports: false,
};

function colorOf(project: Project): string {
  return `#${digest(project.slug).slice(0, 6)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
