/** Telegram's answer to a bot that sends too much: nothing was sent, and the bot shall wait. */
export const tooManyRequests = (retryAfterS: number) =>
  ({
    kind: 'answer-before',
    answer: {
      status: 429,
      body: {
        ok: false,
        error_code: 429,
        description: `Too Many Requests: retry after ${retryAfterS}`,
        parameters: { retry_after: retryAfterS },
      },
    },
  }) as const;
