import {
  wireAddressRules,
  wireClockAndIds,
  wireTable,
  wireTelemetry,
  wireTrackers,
} from '../../shared/wiring.ts';

/** What the answers about trackers, and about what is linked to them, are made with. */
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
