/**
 * The parameters below `/baton/{stage}/` that are not secrets: the addresses of the stage's table,
 * bus, API and dead letters.
 */
export const STAGE_PARAMETERS = ['table', 'bus', 'url', 'dead-letters'] as const;

export type StageParameter = (typeof STAGE_PARAMETERS)[number];

/** The JSON of the parameter `dead-letters`: each queue by its name. */
export type DeadLetterQueues = Readonly<
  Record<
    string,
    {
      readonly url: string;
      /**
       * The ARN of the queue to which all of its messages go back; absent where SQS knows it for
       * each message.
       */
      readonly to?: string;
    }
  >
>;
