/**
 * Lets those finish who were first: full jitter over 10 ms doubled with each attempt, 320 ms at
 * most.
 */
export function backOff(attempt: number): Promise<void> {
  const ceilingMs = Math.min(320, 10 * 2 ** attempt);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * ceilingMs));
}
