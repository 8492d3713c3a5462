import {
  wireAddressRules,
  wireApi,
  wireApiTable,
  wireClockAndIds,
  wireTrackers,
} from '../../shared/wiring.ts';

/** The dependencies of the endpoints for integrations and for links to external issues. */
export function wireIntegrations() {
  const table = wireApiTable();
  return {
    ...table,
    ...wireClockAndIds(),
    ...wireApi(),
    ...wireAddressRules(),
    trackers: wireTrackers(table),
  };
}

export type IntegrationsDeps = ReturnType<typeof wireIntegrations>;
