import * as v from 'valibot';
import { type OrganizationSettings, orphanPolicies } from '../../../domain/directory.ts';
import { boolean, choice, dictionary, maybe, parseBody, text } from '../../fields.ts';

/** Settings that Baton does not have: an update may only repeat what answers say. */
const FIXED = {
  isEarlyAdopter: false,
  require2FA: false,
  requireEmailVerification: false,
  allowJoinRequests: false,
  allowMemberInvite: false,
  allowSuperuserAccess: false,
} as const;

/** The body of a change of an organization. */
export const changedOrganization = dictionary({
  name: maybe(text({ maxLength: 64 })),
  slug: maybe(text({ maxLength: 100 })),
  openMembership: maybe(boolean()),
  orphanPolicy: maybe(choice(orphanPolicies)),
  ...Object.fromEntries(
    Object.entries(FIXED).map(([name, value]) => [
      name,
      maybe(
        v.pipe(
          boolean(),
          v.literal(value, `Baton does not support this setting; it can only be ${value}.`),
        ),
      ),
    ]),
  ),
});

/**
 * Reads the change of an organization. Tokens carry its slug, so it keeps the one that it has.
 * Throws `request.invalid` with the messages of every field that is wrong.
 */
export function parseChangedOrganization(
  body: unknown,
  slug: string,
): Partial<OrganizationSettings> {
  const schema = v.pipe(
    changedOrganization,
    v.forward(
      v.check(
        (given) => given.slug === undefined || given.slug === slug,
        'The slug of an organization cannot be changed.',
      ),
      ['slug'],
    ),
  );
  const { name, openMembership, orphanPolicy } = parseBody(schema, body);
  return {
    ...(name === undefined ? {} : { name }),
    ...(openMembership === undefined ? {} : { openMembership }),
    ...(orphanPolicy === undefined ? {} : { orphanPolicy }),
  };
}
