import { wireTable, wireTelemetry } from '../../shared/wiring.ts';

/** What the answers about organizations and what is in them are read with. */
export function wireDirectoryRead() {
  return { ...wireTable(), ...wireTelemetry() };
}

export type DirectoryReadDeps = ReturnType<typeof wireDirectoryRead>;
