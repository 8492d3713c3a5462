import type { Deployed, Deployment } from '../template/deployment.ts';
import { refusal } from '../template/template.ts';
import type { Statement } from './policy.ts';

/** A role of the template with the statements of all its policies. */
type Role = { readonly name: string; readonly statements: readonly Statement[] };

/** Returns a role by its ARN. */
export type RoleOf = (arn: unknown, path: string) => Role;

type Document = { readonly Statement: Statement | readonly Statement[] };

/**
 * Reads the roles of the template: their inline policies, policies attached to them, and managed
 * policies, whichever side refers to the other.
 *
 * @throws Error with the path in the template, for a managed policy that is not in it
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
