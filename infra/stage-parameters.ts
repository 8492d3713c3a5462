/**
 * The parameters below `/baton/{stage}/` that are no secrets: where the stage's table, bus, API and
 * dead letters are.
 */
export const STAGE_PARAMETERS = ['table', 'bus', 'url', 'dead-letters'] as const;

export type StageParameter = (typeof STAGE_PARAMETERS)[number];

/** What the parameter `dead-letters` says in JSON: each queue by its name. */
export type DeadLetterQueues = Readonly<
  Record<
    string,
    {
      readonly url: string;
      /**
       * The ARN of the queue that all of its messages belong to; absent where SQS knows it for each
       * message.
       */
      readonly to?: string;
    }
  >
>;
