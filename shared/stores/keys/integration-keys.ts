import type { IntegrationId, LinkId, OrganizationId } from '../../domain/ids.ts';
import type { Key } from '../keys.ts';

/** Trackers, and who is who there. */
export const integrationKeys = {
  partition: (integrationId: IntegrationId) => `I#${integrationId}`,
  integration: (integrationId: IntegrationId): Key => ({
    pk: `I#${integrationId}`,
    sk: 'A#INTEGRATION',
  }),
  organizationPrefix: 'INTEGRATION#',
  ofOrganization: (organizationId: OrganizationId, integrationId: IntegrationId): Key => ({
    pk: `O#${organizationId}`,
    sk: `INTEGRATION#${integrationId}`,
  }),
  externalActorPrefix: 'EXTERNALACTOR#',
  externalActor: (organizationId: OrganizationId, id: string): Key => ({
    pk: `O#${organizationId}`,
    sk: `EXTERNALACTOR#${id}`,
  }),
  /**
   * An external actor by whom it stands for, by the account's stable id, or by its name in lower
   * case.
   */
  account: (
    integrationId: IntegrationId,
    by: 'actor' | 'id' | 'name',
    value: string,
    id: string,
  ): Key => ({
    pk: `I#${integrationId}`,
    sk: `ACCOUNT#${by}#${value}#${id}`,
  }),
  accountPrefix: (by: 'actor' | 'id' | 'name', value: string) => `ACCOUNT#${by}#${value}#`,
  /** That a webhook was applied to a link. */
  delivery: (integrationId: IntegrationId, deliveryId: string, linkId: LinkId): Key => ({
    pk: `DELIVERY#I#${integrationId}#${deliveryId}`,
    sk: `LINK#${linkId}`,
  }),
};
