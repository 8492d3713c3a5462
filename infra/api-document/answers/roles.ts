import * as v from 'valibot';

const role = {
  id: v.string(),
  name: v.string(),
  desc: v.string(),
  scopes: v.array(v.string()),
  allowed: v.boolean(),
  isAllowed: v.boolean(),
  isRetired: v.boolean(),
  isTeamRolesAllowed: v.boolean(),
};

/** A role that members of an organization have. */
export const organizationRole = v.strictObject({
  ...role,
  is_global: v.boolean(),
  isGlobal: v.boolean(),
  minimumTeamRole: v.string(),
});

/** A role that members have in a team. */
export const teamRole = v.strictObject({ ...role, isMinimumRoleFor: v.nullable(v.string()) });
