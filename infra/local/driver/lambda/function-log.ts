import type { Metrics } from '../services/metrics.ts';

const SERIOUS = new Set(['WARN', 'ERROR', 'FATAL', 'CRITICAL']);

/**
 * Reads the output of functions: metrics are counted; other lines go to `print`, all of them if
 * `verbose`, else warnings and errors only.
 */
export function createFunctionLog({
  metrics,
  verbose,
  verboseFunction,
  print,
}: {
  metrics: Metrics;
  verbose: boolean;
  /** The name of a function whose lines are all printed. */
  verboseFunction?: string | undefined;
  print: (line: string) => void;
}) {
  return (functionName: string, line: string, stream: 'stdout' | 'stderr'): void => {
    if (stream === 'stdout' && metrics.read(line)) {
      return;
    }
    const printsAll = verbose || functionName === verboseFunction;
    if (printsAll || stream === 'stderr' || isSerious(line)) {
      print(`[${functionName}] ${line}`);
    }
  };
}

function isSerious(line: string): boolean {
  if (!line.startsWith('{')) {
    return false;
  }
  try {
    const { level } = JSON.parse(line) as { level?: unknown };
    return SERIOUS.has(String(level));
  } catch {
    return false;
  }
}
