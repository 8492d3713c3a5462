/** The time that some work took, and that of the processor in this process. */
export async function timed(work: () => Promise<unknown>): Promise<Timed> {
  const before = process.cpuUsage();
  const startMs = performance.now();
  await work();
  const wallMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(before);
  return { wallMs, cpuMs: (user + system) / 1_000 };
}

export type Timed = { readonly wallMs: number; readonly cpuMs: number };
