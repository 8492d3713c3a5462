import * as v from 'valibot';
import { forbidden } from '../../../domain/errors.ts';
import { isPlatform } from '../../../domain/projects/platform.ts';
import { optionsOf, type ProjectOptions } from '../../../domain/projects/project-options.ts';
import type { ProjectUpdate } from '../../../domain/projects/project-update.ts';
import { isReservedProjectSlug, MAX_SLUG_LENGTH } from '../../../domain/slug.ts';
import { boolean, dictionary, maybe, nullable, parseBody, text } from '../../fields.ts';
import { chosenSlug, slug } from '../slug.ts';
import { fixedSettingFields, projectOptions, settingFields } from './project-settings.ts';

const LONGEST_NEW_NAME = 50;
const LONGEST_NAME = 200;
const LONGEST_ID = 100;
const MOST_TEAMS = 100;

/** Empty and null mean that the platform is unknown. */
const platform = nullable(
  v.pipe(
    text({ maxLength: 64, blank: true }),
    v.check((given) => given === '' || isPlatform(given), 'Invalid platform'),
  ),
);

/** The body of a new project. */
export const newProject = dictionary({
  name: v.pipe(
    text({ maxLength: LONGEST_NEW_NAME }),
    v.check(
      (name) => !isReservedProjectSlug(name),
      ({ input }) => `The name "${input}" is reserved and not allowed.`,
    ),
  ),
  slug: maybe(slug(MAX_SLUG_LENGTH)),
  platform: maybe(platform),
  default_rules: maybe(nullable(boolean())),
  origin: maybe(nullable(text({ maxLength: 200, blank: true }))),
});

export type NewProjectRequest = {
  readonly name: string;
  readonly slug: string | null;
  readonly platform: string | null;
};

/**
 * Reads the body of a new project. Throws `request.invalid` with the messages of every field that
 * is wrong.
 */
export function parseNewProject(body: unknown): NewProjectRequest {
  const fields = parseBody(newProject, body);
  return {
    name: fields.name,
    slug: chosenSlug(fields.slug),
    platform: fields.platform || null,
  };
}

/** The fields that a caller with `project:read` may write. */
const ownFields = { isBookmarked: maybe(boolean()) };

const adminFields = {
  name: maybe(text({ maxLength: LONGEST_NAME })),
  slug: maybe(
    v.pipe(
      slug(MAX_SLUG_LENGTH),
      v.check(
        (given) => given === null || !isReservedProjectSlug(given),
        ({ input }) => `The slug "${input}" is reserved and not allowed.`,
      ),
    ),
  ),
  platform: maybe(platform),
  teams: maybe(
    v.pipe(
      v.array(text({ maxLength: LONGEST_ID }), 'Expected a list of items.'),
      v.maxLength(MOST_TEAMS, `Ensure this field has no more than ${MOST_TEAMS} elements.`),
    ),
  ),
  options: maybe(projectOptions),
  copy_from_project: maybe(text({ maxLength: LONGEST_ID })),
  ...settingFields,
  ...fixedSettingFields,
};

const ownUpdate = dictionary(ownFields);
/** The body of an update by a caller who may write the project. */
export const projectUpdate = dictionary({ ...ownFields, ...adminFields });

export type ProjectUpdateRequest = {
  readonly update: Omit<ProjectUpdate, 'teamIds' | 'attach' | 'detach'>;
  readonly isBookmarked?: boolean;
  readonly copyFrom?: string;
  /** Ids or slugs of all teams that the project will have. */
  readonly teams?: readonly string[];
};

/**
 * Reads the update of a project. A caller who may only read the project may bookmark it. Throws
 * `access.forbidden` for any other field then, else `request.invalid` with the messages of every
 * wrong field.
 */
export function parseProjectUpdate(body: unknown, mayWrite: boolean): ProjectUpdateRequest {
  if (!mayWrite) {
    return parseOwnUpdate(body);
  }
  const fields = parseBody(projectUpdate, body);
  const { name, isBookmarked, copy_from_project: copyFrom, teams } = fields;
  const newSlug = chosenSlug(fields.slug);
  return {
    update: {
      ...(name === undefined ? {} : { name }),
      ...(newSlug === null ? {} : { slug: newSlug }),
      ...(fields.platform === undefined ? {} : { platform: fields.platform || null }),
      ...optionsUpdate({ ...fields.options, ...optionsOf(fields) }),
    },
    ...(isBookmarked === undefined ? {} : { isBookmarked }),
    ...(copyFrom === undefined ? {} : { copyFrom }),
    ...(teams === undefined ? {} : { teams }),
  };
}

/** The fields that are the caller's own: throws `access.forbidden` for a field of the project's. */
function parseOwnUpdate(body: unknown): ProjectUpdateRequest {
  const { isBookmarked } = parseBody(ownUpdate, body);
  const given = Object.keys((body ?? {}) as object);
  if (given.some((field) => Object.hasOwn(adminFields, field))) {
    throw forbidden();
  }
  return { update: {}, ...(isBookmarked === undefined ? {} : { isBookmarked }) };
}

function optionsUpdate(options: ProjectOptions): { options?: ProjectOptions } {
  return Object.keys(options).length === 0 ? {} : { options };
}
