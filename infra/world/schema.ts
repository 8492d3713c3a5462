import * as v from 'valibot';
import { subscriptionReasons } from '../../shared/domain/issues/subscription.ts';
import {
  delivery,
  group,
  integration,
  member,
  namesOne,
  organization,
  project,
  scopes,
  secret,
  secretRef,
  team,
  user,
} from './entries.ts';
import {
  actor,
  exactly,
  filledText,
  flag,
  id,
  list,
  oneOf,
  reference,
  text,
  time,
} from './fields.ts';

/** The content of a world, by noun. References between entries are checked by `references.ts`. */
export const worldSchema = exactly('a world', {
  organizations: nouns(organization),
  users: nouns(user),
  members: nouns(member),
  teams: nouns(team),
  projects: nouns(project),
  groups: nouns(group),
  assignments: nouns(
    exactly('an assignment', {
      group: id,
      assignedTo: actor,
      dateAssigned: v.optional(time),
      expiresAt: v.optional(time),
    }),
  ),
  subscriptions: nouns(
    v.pipe(
      exactly('a subscription', {
        group: id,
        user: v.optional(id),
        team: v.optional(id),
        reason: oneOf(Object.keys(subscriptionReasons) as (keyof typeof subscriptionReasons)[]),
        isActive: flag,
      }),
      v.check((entry) => namesOne(entry), 'must name a user or a team, and not both'),
    ),
  ),
  bookmarks: nouns(exactly('a bookmark', { group: id, user: id })),
  seen: nouns(exactly('an entry of seen', { group: id, user: id })),
  owners: nouns(
    exactly('an owner', {
      group: id,
      type: oneOf(['suspectCommit', 'ownershipRule', 'codeowners']),
      owner: actor,
      rule: v.optional(text),
    }),
  ),
  tokens: nouns(
    exactly('a token', {
      token: filledText,
      organizations: list(reference),
      scopes: list(oneOf(scopes)),
      user: v.optional(id),
      name: v.optional(text),
    }),
  ),
  ownership: nouns(
    exactly('ownership rules', {
      project: id,
      raw: text,
      autoAssignment: v.optional(
        oneOf([
          'Auto Assign to Suspect Commits',
          'Auto Assign to Issue Owner',
          'Turn off Auto-Assignment',
        ]),
      ),
      fallthrough: v.optional(flag),
      codeownersAutoSync: v.optional(flag),
      tests: v.optional(
        v.array(
          exactly('a test of ownership rules', {
            name: filledText,
            event: v.unknown(),
            platform: v.optional(text),
            expect: v.nullable(filledText),
          }),
        ),
      ),
    }),
  ),
  codeowners: nouns(
    exactly('a CODEOWNERS text', {
      project: id,
      raw: text,
      codeMapping: v.optional(exactly('a code mapping', { sourceRoot: text, stackRoot: text })),
    }),
  ),
  notificationSettings: nouns(
    exactly('notification settings', {
      project: id,
      user: id,
      alerts: delivery,
      workflow: delivery,
      deploy: delivery,
    }),
  ),
  integrations: nouns(integration),
  externalActors: nouns(
    v.pipe(
      exactly('an external actor', {
        integration: id,
        user: v.optional(id),
        team: v.optional(id),
        externalId: filledText,
        externalName: filledText,
      }),
      v.check((entry) => namesOne(entry), 'must name a user or a team, and not both'),
    ),
  ),
  links: nouns(exactly('a link', { group: id, integration: id, key: filledText })),
  secrets: v.optional(
    v.record(secretRef(), secret, 'must be an object of secrets by reference'),
    {},
  ),
});

/** A world as a file holds it. */
export type WorldInput = v.InferInput<typeof worldSchema>;
/** A checked world: every noun is present, possibly empty, and times are in UTC. */
export type World = v.InferOutput<typeof worldSchema>;
/** The nouns that are lists: all except the secrets. */
export type Noun = Exclude<keyof World, 'secrets'>;
export type Entry<N extends Noun> = World[N][number];

function nouns<Schema extends v.GenericSchema>(entry: Schema) {
  return v.optional(list(entry), []);
}
