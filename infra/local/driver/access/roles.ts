import type { Deployed, Deployment } from '../template/deployment.ts';
import { refusal } from '../template/template.ts';
import type { Statement } from './policy.ts';

/** A role of the template with all that its policies say. */
export type Role = { readonly name: string; readonly statements: readonly Statement[] };

/** Gives a role by its ARN. */
export type RoleOf = (arn: unknown, path: string) => Role;

type Document = { readonly Statement: Statement | readonly Statement[] };

/**
 * Reads the roles of the template: the policies in a role, those that are attached to it, and the
 * managed ones that it names or that name it.
 *
 * @throws Error that names the place, for a managed policy that is not in the template
 */
export function readRoles(deployment: Deployment): RoleOf {
  const roles = deployment.resourcesOf('AWS::IAM::Role');
  const managed = deployment.resourcesOf('AWS::IAM::ManagedPolicy');
  const attached = [...deployment.resourcesOf('AWS::IAM::Policy'), ...managed];

  const namedBy = ({ path, properties }: Deployed): Document[] =>
    listOf<string>(properties.ManagedPolicyArns).map((arn) => {
      const policy = managed.find((one) => one.arn === arn);
      if (!policy) {
        throw refusal(`${path}.ManagedPolicyArns`, `${arn} is not a policy of the template.`);
      }
      return documentOf(policy.properties);
    });

  const byArn = new Map(
    roles.map((role) => {
      const documents = [
        ...listOf<Record<string, unknown>>(role.properties.Policies).map(documentOf),
        ...namedBy(role),
        ...attached
          .filter(({ properties }) => listOf(properties.Roles).includes(role.name))
          .map(({ properties }) => documentOf(properties)),
      ];
      const statements = documents.flatMap(({ Statement }) => [Statement].flat());
      return [role.arn, { name: role.name, statements }] as const;
    }),
  );

  return (arn, path) => {
    const role = byArn.get(String(arn));
    if (!role) {
      throw refusal(path, `${String(arn)} is not a role of the template.`);
    }
    return role;
  };
}

const documentOf = ({ PolicyDocument }: Readonly<Record<string, unknown>>): Document =>
  PolicyDocument as Document;

const listOf = <T>(value: unknown): T[] => (Array.isArray(value) ? value : []);
