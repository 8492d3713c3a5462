/**
 * Random numbers that can be repeated, in [0, 1) and from a seed that is printed with the file's
 * name, and taken from SEED where that is set.
 */
export function randomOf(file: string): { readonly seed: number; readonly random: () => number } {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
  console.log(`${file}: seed ${seed} (SEED=${seed} repeats it)`);
  let state = seed >>> 0;
  return {
    seed,
    random() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}
