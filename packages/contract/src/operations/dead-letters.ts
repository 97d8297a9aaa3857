import { z } from 'zod';
import { IdempotentHeaders } from '../headers.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQuery, Timestamp } from './paging.ts';

export const deadLetterKinds = [
  'mirror',
  'file',
  'update',
  'inbox-event',
  'automatic',
  'webhook',
  'scheduled',
] as const;
export const deadLetterStates = ['waiting', 'replayed', 'discarded'] as const;

const Kind = z.enum(deadLetterKinds).meta({
  description:
    '`mirror`: a message was not copied into the inbox; `file`: files of a message could not be fetched, or were not copied into the inbox; `update`: an update from Telegram was not processed; `inbox-event`: an event from the inbox was not processed; `automatic`: an automatic answer of the gateway was not sent; `webhook`: sending an event to a webhook endpoint ended the gateway’s process, or failed for a reason inside it; `scheduled`: a scheduled message was not sent.',
});

const deadLetterFields = {
  id: idSchema('deadLetter'),
  workspace_id: idSchema('workspace'),
  kind: Kind,
  state: z.enum(deadLetterStates),
  cause: z.string().meta({ description: 'Why the work failed permanently.' }),
  failures: z.int().min(0).meta({ description: 'The number of failures in a row.' }),
  message_id: z.int().nullable().meta({ description: 'The message that was not copied.' }),
  update_id: z.int().nullable().meta({ description: "The gateway's number of the raw update or event." }),
  lane: z.string().meta({ description: 'The conversation in whose order the work is done.' }),
  note: z.string().nullable().meta({ description: 'Why it was discarded.' }),
  created_at: Timestamp,
  decided_at: Timestamp.nullable(),
} as const;

export const DeadLetter = z.strictObject(deadLetterFields).meta({
  id: 'DeadLetter',
  description: 'Work that failed permanently. A person decides what to do with it.',
});
export type DeadLetter = z.output<typeof DeadLetter>;

export const DeadLetterDetail = z
  .strictObject({
    ...deadLetterFields,
    raw: z.string().nullable().meta({
      description: 'The bytes of the update or event as text, as long as they are stored. Null if there are none.',
    }),
  })
  .meta({ id: 'DeadLetterDetail' });
export type DeadLetterDetail = z.output<typeof DeadLetterDetail>;

const path = '/api/v1/dead-letters/{dead_letter_id}';
const params = z.strictObject({ dead_letter_id: idSchema('deadLetter') });

const listDeadLetters = operation({
  id: 'listDeadLetters',
  method: 'GET',
  path: '/api/v1/dead-letters',
  auth: 'any',
  permission: 'read',
  tag: 'Dead letters',
  summary: 'List dead letters, oldest first.',
  description:
    'Work that failed permanently and waits for your decision. By default only waiting dead letters are listed.',
  query: z.strictObject({
    ...pageQuery,
    state: z.enum([...deadLetterStates, 'any']).default('waiting'),
    workspace_id: idSchema('workspace').optional(),
    kind: Kind.optional(),
  }),
  responses: { 200: pageOf(DeadLetter).meta({ id: 'DeadLetterPage' }) },
  errors: [],
});

const getDeadLetter = operation({
  id: 'getDeadLetter',
  method: 'GET',
  path,
  auth: 'any',
  permission: 'read',
  tag: 'Dead letters',
  summary: 'Show a dead letter with the raw update or event that caused it.',
  description: 'The raw data is available as long as it is stored.',
  params,
  responses: { 200: DeadLetterDetail },
  errors: ['NOT_FOUND'],
});

const replayDeadLetter = operation({
  id: 'replayDeadLetter',
  method: 'POST',
  repetition: 'safe',
  path: `${path}/replay`,
  auth: 'any',
  permission: 'handle',
  tag: 'Dead letters',
  summary: 'Retry a dead letter.',
  description:
    'Queues the work again at the end of its conversation. Steps that are already done are not repeated. Only a waiting dead letter can be replayed. Work that fails again becomes a new dead letter.',
  params,
  responses: { 200: DeadLetter },
  errors: ['NOT_FOUND', 'TYPE_MISMATCH'],
});

const discardDeadLetter = operation({
  id: 'discardDeadLetter',
  method: 'POST',
  repetition: 'answer',
  path: `${path}/discard`,
  auth: 'any',
  permission: 'handle',
  tag: 'Dead letters',
  summary: 'Discard a dead letter permanently.',
  description: 'The reason is stored with the dead letter. Only a waiting dead letter can be discarded.',
  params,
  headers: IdempotentHeaders,
  body: z
    .strictObject({
      reason: z.string().trim().min(1).max(1000).meta({ description: 'Why. Stored with the dead letter.' }),
    })
    .meta({ id: 'DiscardDeadLetter' }),
  responses: { 200: DeadLetter },
  errors: ['NOT_FOUND'],
  examples: { reason: { summary: 'Not needed', value: { reason: 'The customer was answered by telephone.' } } },
});

export const replayManyMax = 1000;

const replayDeadLetters = operation({
  id: 'replayDeadLetters',
  method: 'POST',
  repetition: 'answer',
  path: '/api/v1/dead-letters/replay',
  auth: 'any',
  permission: 'handle',
  tag: 'Dead letters',
  summary: 'Retry all waiting dead letters.',
  description: `Queues the waiting dead letters that match again, oldest first, at most ${replayManyMax} per request: repeat the request until \`remaining\` is 0. An empty object matches all. Repeating the request is harmless.`,
  headers: IdempotentHeaders,
  body: z
    .strictObject({
      workspace_id: idSchema('workspace').optional(),
      kind: Kind.optional(),
      created_before: Timestamp.optional(),
      dry_run: z.boolean().default(false).meta({ description: 'Only count.' }),
    })
    .meta({ id: 'ReplayDeadLetters' }),
  responses: {
    200: z
      .strictObject({
        replayed: z.int().min(0),
        remaining: z.int().min(0).meta({ description: 'How many that match still wait.' }),
      })
      .meta({ id: 'DeadLettersReplayed' }),
  },
  errors: [],
  examples: {
    workspace: { summary: 'All of a workspace', value: { workspace_id: 'wsp_01k8xample' } },
    count: { summary: 'How many copies wait', value: { kind: 'mirror', dry_run: true } },
  },
});

export const deadLetterOperations = {
  listDeadLetters,
  getDeadLetter,
  replayDeadLetters,
  replayDeadLetter,
  discardDeadLetter,
} as const;
