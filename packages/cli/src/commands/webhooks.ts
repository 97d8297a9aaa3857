import type { CreateWebhookEndpoint, WebhookAttempt, WebhookEndpoint } from '@chatferry/sdk';
import type { Command } from '../command.ts';
import { deleteCommand, listCommand, operationCommand } from '../operation-command.ts';
import { flag, list, number, text } from '../option.ts';
import { fields, type Row, time, type View } from '../view.ts';

const rowOfEndpoint = (endpoint: WebhookEndpoint): Row => ({
  id: endpoint.id,
  url: endpoint.url,
  state: endpoint.enabled ? 'enabled' : `disabled (${endpoint.disabled_reason})`,
  waiting: String(endpoint.waiting),
  'failing since': endpoint.failing_since && time(endpoint.failing_since),
});

const describeEndpoint = (endpoint: WebhookEndpoint): View => [
  fields({
    ...rowOfEndpoint(endpoint),
    workspace: endpoint.workspace_id,
    note: endpoint.description,
    types: endpoint.types === null ? 'all' : endpoint.types.join(', '),
    channels: endpoint.channel_ids === null ? 'all' : endpoint.channel_ids.join(', '),
    'last failure': endpoint.last_failure,
    'old secret until': endpoint.previous_secret_until && time(endpoint.previous_secret_until),
  }),
];

const describeSecret = (secret: string): string => `The signing secret. It is shown only now:\n\n  ${secret}`;

const describeAttempt = (attempt: WebhookAttempt): View => [
  fields({
    delivered: attempt.delivered ? 'yes' : 'no',
    answered: attempt.response === null ? null : String(attempt.response.status),
    took: `${attempt.duration_ms} ms`,
    problem: attempt.error,
    answer: attempt.response === null ? null : attempt.response.body,
  }),
];

const filterOptions = {
  types: list('LIST', 'The types of events, such as button.tapped,message.received. Default: all.'),
  channels: list('LIST', 'The channels whose events are sent. Default: all of the workspace.'),
  note: text('TEXT', 'Your own note.'),
} as const;

// The gateway refuses a type that it does not know.
const typesOf = (types: readonly string[] | undefined) => types as CreateWebhookEndpoint['types'];

export const webhookCommands: readonly Command[] = [
  operationCommand({
    name: 'webhooks create',
    operation: 'createWebhookEndpoint',
    options: {
      endpoint: text('URL', 'Where the events go.'),
      workspace: text('ID', 'The workspace. May be left out if there is only one.'),
      ...filterOptions,
    },
    examples: ['webhooks create --endpoint https://backend.example.com/hooks/chatferry --types button.tapped'],
    request: ({ values }) => ({
      url: values.endpoint ?? '',
      workspace_id: values.workspace,
      types: typesOf(values.types),
      channel_ids: values.channels,
      description: values.note,
    }),
    view: (made) => [...describeEndpoint(made), describeSecret(made.secret)],
  }),
  listCommand({
    name: 'webhooks list',
    operation: 'listWebhookEndpoints',
    options: { workspace: text('ID', 'Only webhook endpoints of this workspace.') },
    examples: ['webhooks list'],
    show: rowOfEndpoint,
    empty: 'There are no webhook endpoints.',
  }),
  operationCommand({
    name: 'webhooks show',
    argument: 'endpoint id',
    operation: 'getWebhookEndpoint',
    options: {},
    examples: ['webhooks show whe_01k8xample'],
    view: (endpoint) => describeEndpoint(endpoint),
  }),
  operationCommand({
    name: 'webhooks update',
    argument: 'endpoint id',
    operation: 'updateWebhookEndpoint',
    options: {
      endpoint: text('URL', 'Where the events go.'),
      ...filterOptions,
      enable: flag('Send events again.'),
      disable: flag('Send nothing until it is enabled again.'),
      'skip-missed': flag('Leave out what waits and what was missed.'),
    },
    examples: ['webhooks update whe_01k8xample --enable --skip-missed'],
    request: ({ values }) => ({
      url: values.endpoint,
      types: typesOf(values.types),
      channel_ids: values.channels,
      description: values.note,
      enabled: values.enable ? true : values.disable ? false : undefined,
      skip_missed: values['skip-missed'] ? true : undefined,
    }),
    view: (endpoint) => describeEndpoint(endpoint),
  }),
  deleteCommand({
    name: 'webhooks delete',
    argument: 'endpoint id',
    operation: 'deleteWebhookEndpoint',
    options: {},
    examples: ['webhooks delete whe_01k8xample'],
    confirmation: (id) => `Delete the webhook endpoint ${id}? What waits for it is not sent.`,
  }),
  operationCommand({
    name: 'webhooks rotate-secret',
    argument: 'endpoint id',
    operation: 'rotateWebhookSecret',
    options: { 'overlap-seconds': number('N', 'How long the old secret also signs. Default: 86400, a day.') },
    examples: ['webhooks rotate-secret whe_01k8xample'],
    request: ({ values }) => ({ overlap_seconds: values['overlap-seconds'] }),
    view: (rotated) => [...describeEndpoint(rotated), describeSecret(rotated.secret)],
  }),
  listCommand({
    name: 'webhooks deliveries',
    argument: 'endpoint id',
    operation: 'listWebhookDeliveries',
    options: {
      state: text('STATE', 'Only deliveries in this state: waiting, delivered or failed.'),
      event: text('ID', 'Only this event.'),
    },
    examples: ['webhooks deliveries whe_01k8xample --state failed'],
    show: ({ event_id, type, state, attempts, next_attempt_at }) => ({
      event: event_id,
      type,
      state,
      attempts: String(attempts.length),
      'last answer': attempts.at(-1)?.error ?? 'accepted',
      next: next_attempt_at && time(next_attempt_at),
    }),
    empty: 'There are no such deliveries.',
  }),
  operationCommand({
    name: 'webhooks replay',
    argument: 'endpoint id',
    operation: 'replayWebhookEvents',
    options: {
      events: list('LIST', 'The ids of the events to send again.'),
      since: text('TIME', 'Send everything again since this time, such as 2026-01-31T12:00:00Z.'),
    },
    examples: ['webhooks replay whe_01k8xample --since 2026-01-31T12:00:00Z'],
    request: ({ values }) =>
      values.events === undefined ? { since: values.since ?? '' } : { event_ids: values.events },
    view: ({ queued, not_found }) => [
      queued === null ? 'The events since then are sent again.' : `${queued} events are sent again.`,
      ...(not_found.length === 0 ? [] : [`Not found: ${not_found.join(', ')}`]),
    ],
  }),
  operationCommand({
    name: 'webhooks test',
    argument: 'endpoint id',
    operation: 'testWebhookEndpoint',
    options: {},
    examples: ['webhooks test whe_01k8xample'],
    view: (attempt) => describeAttempt(attempt),
    exitCode: ({ delivered }) => (delivered ? 0 : 1),
  }),
];
