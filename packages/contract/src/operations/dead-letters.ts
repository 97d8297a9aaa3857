import { z } from 'zod';
import { IdempotentHeaders } from '../headers.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQuery, Timestamp } from './paging.ts';

export const deadLetterKinds = ['mirror', 'update', 'inbox-event', 'automatic'] as const;
export const deadLetterStates = ['waiting', 'replayed', 'discarded'] as const;

const Kind = z.enum(deadLetterKinds).meta({
  description:
    '`mirror`: a message was not copied into the inbox; `update`: an update of Telegram was not understood; `inbox-event`: an event of the inbox was not carried out; `automatic`: an answer of the gateway itself was not sent.',
});

const deadLetterFields = {
  id: idSchema('deadLetter'),
  workspace_id: idSchema('workspace'),
  kind: Kind,
  state: z.enum(deadLetterStates),
  cause: z.string().meta({ description: 'Why it was given up.' }),
  failures: z.int().min(0).meta({ description: 'Failures in a row before.' }),
  message_id: z.int().nullable().meta({ description: 'The message that was not copied.' }),
  update_id: z.int().nullable().meta({ description: 'The raw update or event, as the gateway numbers it.' }),
  lane: z.string().meta({ description: 'The conversation whose order it belongs to.' }),
  note: z.string().nullable().meta({ description: 'Why it was discarded.' }),
  created_at: Timestamp,
  decided_at: Timestamp.nullable(),
} as const;

export const DeadLetter = z.strictObject(deadLetterFields).meta({
  id: 'DeadLetter',
  description: 'Work that the gateway gave up and a person decides on.',
});
export type DeadLetter = z.output<typeof DeadLetter>;

export const DeadLetterDetail = z
  .strictObject({
    ...deadLetterFields,
    raw: z.string().nullable().meta({
      description: 'The bytes of the update or event as text, as long as they are kept; null where there are none.',
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
  summary: 'List dead letters.',
  description: 'The oldest first, those that wait where no state is named.',
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
  summary: 'Show a dead letter.',
  description: 'With the raw update or event that it is about.',
  params,
  responses: { 200: DeadLetterDetail },
  errors: ['NOT_FOUND'],
});

const replayDeadLetter = operation({
  id: 'replayDeadLetter',
  method: 'POST',
  path: `${path}/replay`,
  auth: 'any',
  permission: 'handle',
  tag: 'Dead letters',
  summary: 'Do a dead letter again.',
  description:
    'Puts the work back at the end of its conversation. Whatever of it was done before is not done twice. Only a dead letter that waits can be replayed; work that fails again becomes a new one.',
  params,
  responses: { 200: DeadLetter },
  errors: ['NOT_FOUND', 'TYPE_MISMATCH'],
});

const discardDeadLetter = operation({
  id: 'discardDeadLetter',
  method: 'POST',
  path: `${path}/discard`,
  auth: 'any',
  permission: 'handle',
  tag: 'Dead letters',
  summary: 'Give a dead letter up.',
  description: 'For good; the reason is kept with it. Only a dead letter that waits can be discarded.',
  params,
  headers: IdempotentHeaders,
  body: z
    .strictObject({ reason: z.string().trim().min(1).max(1000).meta({ description: 'Why; kept with it.' }) })
    .meta({ id: 'DiscardDeadLetter' }),
  responses: { 200: DeadLetter },
  errors: ['NOT_FOUND'],
  examples: { reason: { summary: 'Not needed', value: { reason: 'The customer was answered by telephone.' } } },
});

export const replayManyMax = 1000;

const replayDeadLetters = operation({
  id: 'replayDeadLetters',
  method: 'POST',
  path: '/api/v1/dead-letters/replay',
  auth: 'any',
  permission: 'handle',
  tag: 'Dead letters',
  summary: 'Do many dead letters again.',
  description: `Puts the waiting ones that fit back, the oldest first, at most ${replayManyMax} a call: call again while \`remaining\` is not 0. With an empty object all fit. Calling it twice changes nothing.`,
  headers: IdempotentHeaders,
  body: z
    .strictObject({
      workspace_id: idSchema('workspace').optional(),
      kind: Kind.optional(),
      created_before: Timestamp.optional(),
      dry_run: z.boolean().default(false).meta({ description: 'Only counts.' }),
    })
    .meta({ id: 'ReplayDeadLetters' }),
  responses: {
    200: z
      .strictObject({
        replayed: z.int().min(0),
        remaining: z.int().min(0).meta({ description: 'How many that fit still wait.' }),
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
