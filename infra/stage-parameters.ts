/** The parameters below `/baton/{stage}/` that are no secrets: where the stage's table, bus and API are. */
export const STAGE_PARAMETERS = ['table', 'bus', 'url'] as const;

export type StageParameter = (typeof STAGE_PARAMETERS)[number];
