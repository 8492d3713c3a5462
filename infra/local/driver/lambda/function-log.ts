import type { Metrics } from '../services/metrics.ts';

const SERIOUS = new Set(['WARN', 'ERROR', 'FATAL', 'CRITICAL']);

/**
 * What becomes of a line that a function prints: metrics are counted; the rest goes to `print`, all of it when
 * `verbose`, else only warnings and errors.
 */
export function createFunctionLog({
  metrics,
  verbose,
  print,
}: {
  metrics: Metrics;
  verbose: boolean;
  print: (line: string) => void;
}) {
  return (functionName: string, line: string, stream: 'stdout' | 'stderr'): void => {
    if (stream === 'stdout' && metrics.read(line)) return;
    if (verbose || stream === 'stderr' || isSerious(line)) print(`[${functionName}] ${line}`);
  };
}

function isSerious(line: string): boolean {
  if (!line.startsWith('{')) return false;
  try {
    const { level } = JSON.parse(line) as { level?: unknown };
    return SERIOUS.has(String(level));
  } catch {
    return false;
  }
}
