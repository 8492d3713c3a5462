import { firstCodePoints, isLongerThan } from '../code-points.ts';

/**
 * A project's options: settings by name, such as `sentry:resolve_age`. Baton keeps those that it
 * has no use for itself, so that what a client has set it also reads back.
 */
export type ProjectOptions = Readonly<Record<string, unknown>>;

/**
 * The options that have a field of their own in a project's answers and updates, with what they are
 * until they are set.
 */
const SETTINGS = {
  /** Hours without an event after which an issue counts as resolved; 0 for never. */
  resolveAge: { option: 'sentry:resolve_age', initially: 0 },
  defaultEnvironment: { option: 'sentry:default_environment', initially: null },
  subjectPrefix: { option: 'mail:subject_prefix', initially: '' },
  subjectTemplate: { option: 'mail:subject_template', initially: '$shortID - $title' },
  /** Seconds between the mails of one digest, at least and at most. */
  digestsMinDelay: { option: 'digests:mail:minimum_delay', initially: 300 },
  digestsMaxDelay: { option: 'digests:mail:maximum_delay', initially: 1800 },
  /** Where browsers may send events from. */
  allowedDomains: { option: 'sentry:origins', initially: ['*'] },
  /**
   * How source files are fetched, by whoever fetches them: the token goes along under the header's
   * name.
   */
  scrapeJavaScript: { option: 'sentry:scrape_javascript', initially: true },
  securityToken: { option: 'sentry:token', initially: '' },
  securityTokenHeader: { option: 'sentry:token_header', initially: '' },
  verifySSL: { option: 'sentry:verify_ssl', initially: false },
  /** Rules by which producers of events make fingerprints. */
  fingerprintingRules: { option: 'sentry:fingerprinting_rules', initially: '' },
  groupingEnhancements: { option: 'sentry:grouping_enhancements', initially: '' },
  groupingConfig: { option: 'sentry:grouping_config', initially: '' },
  /** What interfaces show first of an event. */
  highlightTags: { option: 'sentry:highlight_tags', initially: [] },
  highlightContext: { option: 'sentry:highlight_context', initially: {} },
} as const;

/**
 * Settings of what Baton has no part in. To take them would promise what it does not do, such as to
 * scrub data; so they are answered as they are, and can be set to nothing else.
 */
export const FIXED_SETTINGS = {
  autofixAutomationTuning: 'off',
  builtinSymbolSources: [],
  dataScrubber: false,
  dataScrubberDefaults: false,
  debugFilesRole: null,
  dynamicSamplingBiases: null,
  enableAutoReleaseCreation: false,
  relayPiiConfig: null,
  safeFields: [],
  scmSourceContextEnabled: false,
  scrubIPAddresses: false,
  secondaryGroupingConfig: null,
  secondaryGroupingExpiry: 0,
  seerScannerAutomation: false,
  sensitiveFields: [],
  storeCrashReports: null,
  symbolSources: '[]',
  tempestFetchScreenshots: false,
} as const;

/**
 * What takes the place of a secret wherever it could be read by others than those who may read the
 * project.
 */
const MASK = '********';
const SECRETS: readonly string[] = [SETTINGS.securityToken.option];

/** Which events producers are to leave out; one entry a line. */
const INITIAL_FILTERS = {
  'filters:blacklisted_ips': '',
  'filters:error_messages': '',
  'filters:releases': '',
} as const;

/** A project's settings by the names of their fields. */
export type ProjectSettings = Readonly<Record<keyof typeof SETTINGS, unknown>>;

/**
 * All options of a project together, as JSON. An event tells of the old and the new ones, and must
 * fit on the bus.
 */
const MAX_OPTIONS_CHARACTERS = 32_768;
const MAX_DEPTH = 4;
const NAME = /^[a-z][a-z0-9_.:-]{0,99}$/i;

/**
 * The options with others set over them, where null removes one.
 */
export function withOptions(options: ProjectOptions, given: ProjectOptions): ProjectOptions {
  const merged = Object.entries({ ...options, ...given }).filter(([, value]) => value !== null);
  return Object.fromEntries(merged);
}

/**
 * The options as an answer shows them: also those that clients read without asking whether they
 * were ever set.
 */
export function shownOptions(options: ProjectOptions): ProjectOptions {
  return { ...INITIAL_FILTERS, ...options };
}

/** What a project's options say of its settings. */
export function settingsOf(options: ProjectOptions): ProjectSettings {
  const entries = Object.entries(SETTINGS).map(([field, { option, initially }]) => [
    field,
    options[option] ?? initially,
  ]);
  return Object.fromEntries(entries) as ProjectSettings;
}

/** The options that hold these settings; null sets one back. */
export function optionsOf(settings: Partial<ProjectSettings>): ProjectOptions {
  const given = Object.entries(SETTINGS).filter(([field]) => Object.hasOwn(settings, field));
  return Object.fromEntries(
    given.map(([field, { option }]) => [option, settings[field as keyof ProjectSettings]]),
  );
}

/** Options as the rest of the world may hear of them: without the values that are secrets. */
export function withoutSecrets(options: ProjectOptions): ProjectOptions {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, SECRETS.includes(name) ? MASK : value]),
  );
}

/** The field that an option has of its own, if it has one. */
export function fieldOfOption(name: string): keyof ProjectSettings | undefined {
  const found = Object.entries(SETTINGS).find(([, { option }]) => option === name);
  return found?.[0] as keyof ProjectSettings | undefined;
}

/** What is wrong with options, in a sentence; undefined where nothing is. */
export function optionsProblem(options: ProjectOptions): string | undefined {
  const stranger = Object.keys(options).find((name) => !NAME.test(name));
  if (stranger !== undefined) {
    return `"${firstCodePoints(stranger, 100)}" is not a valid option name.`;
  }
  const bad = Object.entries(options).find(([, value]) => !isPlain(value, MAX_DEPTH));
  if (bad !== undefined) {
    return `The value of "${bad[0]}" cannot be stored.`;
  }
  if (isLongerThan(JSON.stringify(options), MAX_OPTIONS_CHARACTERS)) {
    return `Ensure the options have no more than ${MAX_OPTIONS_CHARACTERS} characters.`;
  }
  return undefined;
}

/**
 * What the table can hold: numbers of its range, names of letters and digits, no bottomless
 * nesting.
 */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === 'number') {
    return isStorableNumber(value);
  }
  if (typeof value !== 'object' || value === null) {
    return true;
  }
  if (depth === 0) {
    return false;
  }
  if (Array.isArray(value)) {
    return value.every((inner) => isPlain(inner, depth - 1));
  }
  return Object.entries(value).every(
    ([name, inner]) => NAME.test(name) && isPlain(inner, depth - 1),
  );
}

function isStorableNumber(value: number): boolean {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-100 && size <= Number.MAX_SAFE_INTEGER);
}
