/** The sum of all values of a metric with these dimensions. */
export type Metric = {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
};

type Directive = {
  readonly Dimensions?: readonly (readonly string[])[];
  readonly Metrics?: readonly { readonly Name: string }[];
};

export type Metrics = ReturnType<typeof createMetrics>;

/** Sums the metrics that functions print in the embedded metric format of CloudWatch. */
export function createMetrics() {
  const counters = new Map<string, Metric>();

  const add = ({ name, dimensions, value }: Metric) => {
    const key = JSON.stringify([name, Object.entries(dimensions).sort()]);
    const sum = (counters.get(key)?.value ?? 0) + value;
    counters.set(key, { name, dimensions, value: sum });
  };

  return {
    /** Reads a line of output; returns whether it is a line of metrics. */
    read(line: string): boolean {
      if (!line.startsWith('{') || !line.includes('"_aws"')) {
        return false;
      }
      try {
        const parsed = JSON.parse(line) as Record<string, unknown>;
        const { CloudWatchMetrics } = parsed._aws as { CloudWatchMetrics: Directive[] };
        CloudWatchMetrics.flatMap((directive) => samplesOf(parsed, directive)).forEach(add);
        return true;
      } catch {
        return false;
      }
    },
    list: (): Metric[] => [...counters.values()],
    clear: (): void => counters.clear(),
  };
}

/** The values in a line of output for a directive, with their dimensions. */
function samplesOf(
  line: Record<string, unknown>,
  { Dimensions = [[]], Metrics = [] }: Directive,
): Metric[] {
  const values = Metrics.flatMap(({ Name: name }) =>
    [line[name]]
      .flat()
      .filter((value) => typeof value === 'number')
      .map((value) => ({ name, value })),
  );
  return Dimensions.flatMap((names) => {
    const dimensions = Object.fromEntries(names.map((name) => [name, String(line[name])]));
    return values.map((sample) => ({ ...sample, dimensions }));
  });
}
