import { z } from 'zod';
import { FailureReasonName } from '../failure-reasons.ts';

/** Why a message was not delivered. */
export const MessageFailure = z
  .strictObject({
    code: z.int(),
    name: z.string().meta({ description: 'The name of the error in the catalogue.' }),
    reason: FailureReasonName.nullable().meta({ description: 'Null if Telegram did not refuse it.' }),
    detail: z.string().meta({ description: 'A sentence for people: what happened and what to do.' }),
    can_retry: z
      .boolean()
      .meta({ description: 'Whether the same message can succeed later although nothing else changes.' }),
  })
  .meta({ id: 'MessageFailure' });
