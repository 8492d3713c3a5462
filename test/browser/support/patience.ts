/** When something that does not show up on the page counts as missing. */
export const PATIENCE_MS = 120_000;
