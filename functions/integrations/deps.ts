import {
  wireAddressRules,
  wireClockAndIds,
  wireTable,
  wireTelemetry,
  wireTrackers,
} from '../../shared/wiring.ts';

/** The dependencies of the endpoints for integrations and for links to external issues. */
export function wireIntegrations() {
  const table = wireTable();
  return {
    ...table,
    ...wireClockAndIds(),
    ...wireTelemetry(),
    ...wireAddressRules(),
    trackers: wireTrackers(table),
  };
}

export type IntegrationsDeps = ReturnType<typeof wireIntegrations>;
