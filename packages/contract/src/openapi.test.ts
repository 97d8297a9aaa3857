import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { errorCatalogue, errorNamed } from './errors.ts';
import type { SendInteractive } from './interactive/send.ts';
import { parseBody, parseQuery } from './json/parse.ts';
import { openApiDocument, secretFieldNames } from './openapi.ts';
import { errorsOf, type OperationSpec } from './operation.ts';
import type { ChannelCreated } from './operations/channels.ts';
import { type Handlers, type Input, type Output, operations } from './operations/operations.ts';
import type { Sent } from './operations/telegram.ts';

const table: [string, OperationSpec][] = Object.entries(operations);
const document = openApiDocument(operations, { title: 'Chatferry', version: '0.0.0' });
const text = JSON.stringify(document);

describe('the document', () => {
  it('names a server and describes every tag, so that linters accept it', () => {
    expect(document.servers).toMatchObject([{ url: 'http://127.0.0.1:8080' }]);
    const undescribed = document.tags.filter((tag) => typeof tag['description'] !== 'string');
    expect(undescribed).toEqual([]);
  });

  it('has every group of operations once, and first those that a newcomer needs', () => {
    const names = document.tags.map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['Messages', 'Chats', 'Events']);
    expect([...names].sort()).toEqual([...new Set(table.map(([, { tag }]) => tag))].sort());
  });

  it('says that a wrong body gets 400, where a mock server would answer 422', () => {
    const operation = document.paths['/api/v1/telegram/interactive']?.['post'];
    expect(operation).toHaveProperty(
      'responses.422.description',
      '122 IDEMPOTENCY_MISMATCH. A body that does not fit its schema gets 400',
    );
  });
});

describe('the operations', () => {
  it('have their key as id, and a unique method and path', () => {
    expect(table.every(([id, spec]) => spec.id === id)).toBe(true);
    expect(new Set(table.map(([, { method, path }]) => `${method} ${path}`)).size).toBe(table.length);
  });

  it('declare exactly the parameters in their path', () => {
    for (const [id, spec] of table) {
      const inPath = [...spec.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(spec.params?.shape ?? {}), id).toEqual(inPath);
    }
  });

  it('have examples for every body, and all examples are valid', () => {
    for (const [id, { body, examples }] of table) {
      expect(examples === undefined, id).toBe(body === undefined);
      for (const example of Object.values(examples ?? {})) {
        expect(body === undefined || parseBody(body, example.value), id).toMatchObject({ ok: true });
      }
    }
  });

  it('store no answer with a secret or of a read, and tie every other stored answer to a workspace', () => {
    const stored = table.filter(([, { repetition }]) => repetition === 'answer');
    expect(stored.map(([id]) => id).sort()).toEqual([
      'createWorkspace',
      'discardDeadLetter',
      'replayDeadLetters',
      'resendMessage',
      'resolveMessage',
    ]);
    for (const [id, { responses }] of table) {
      const [schema] = Object.values(responses);
      if (!schema) continue;
      const answer = JSON.stringify(z.toJSONSchema(schema, { io: 'output' }));
      const { repetition } = operations[id as keyof typeof operations] as OperationSpec;
      if (answer.includes('"secret":true')) expect([id, repetition]).not.toEqual([id, 'answer']);
      if (repetition !== 'answer') continue;
      const isAboutWorkspace = /"(?:workspace_id|channel_id)"/.test(answer) || id === 'createWorkspace';
      expect([id, isAboutWorkspace || !answer.includes('"type":"string"')]).toEqual([id, true]);
    }
  });

  it('are carried out once if they show a secret and are no part of a person’s own sign-in', () => {
    for (const [id, { responses, repetition, tag, permission }] of table) {
      const [schema] = Object.values(responses);
      if (!schema || !JSON.stringify(z.toJSONSchema(schema, { io: 'output' })).includes('"secret":true')) continue;
      expect([id, repetition]).toEqual([id, tag === 'People' && permission === null ? 'safe' : 'once']);
    }
  });

  it('define the types of the input and output of their handlers', () => {
    expectTypeOf<Input<'sendTelegramInteractive'>['body']>().toEqualTypeOf<SendInteractive>();
    expectTypeOf<Input<'getMessage'>['params']>().toEqualTypeOf<{ message_id: number }>();
    expectTypeOf<Input<'listMessages'>['query']['limit']>().toEqualTypeOf<number>();
    expectTypeOf<Input<'getHealth'>['body']>().toEqualTypeOf<undefined>();
    expectTypeOf<Output<'sendTelegramInteractive'>>().toEqualTypeOf<Sent>();
    expectTypeOf<Output<'createChannel'>>().toEqualTypeOf<ChannelCreated>();
    expectTypeOf<Output<'deleteKey'>>().toEqualTypeOf<undefined>();
    expectTypeOf<Handlers<{ readonly now: number }>['getMessage']>()
      .parameter(0)
      .toEqualTypeOf<{ readonly now: number }>();
    expectTypeOf<keyof Handlers<unknown>>().toEqualTypeOf<keyof typeof operations>();
  });
});

describe('the schemas and examples of the document', () => {
  it('allow a bare string as a reply key, as the parser does', () => {
    expect(document.components.schemas['ReplyKeyboardMarkup']).toMatchObject({
      properties: {
        keyboard: {
          items: { items: { anyOf: [{ $ref: '#/components/schemas/ReplyKey' }, { type: 'string', minLength: 1 }] } },
        },
      },
    });
  });

  it("contain Telegram's answer for both errors that have it, and explain the handling of unknown fields", () => {
    const send = document.paths['/api/v1/telegram/interactive']?.['post'];
    expect(send?.['description']).toContain('Prefer: handling=strict');
    expect(send?.['responses']).toMatchObject({
      400: {
        content: {
          'application/json': {
            examples: {
              USER_NOT_FOUND: { value: { telegram: { error_code: 400 } } },
              TELEGRAM_REJECTED: { value: { telegram: { error_code: 403 } } },
            },
          },
        },
      },
    });
  });
});

describe('parsing of management requests', () => {
  it('lists every problem, including unknown fields', () => {
    const parsed = parseBody(operations.createWorkspace.body, {
      nam: 'x',
      inbox: { kind: 'intercom', region: 'moon', base_url: 'ftp://x' },
    });
    expect(parsed).toMatchObject({ ok: false, code: 1, message: 'You must supply name in your request payload.' });
    expect(parsed.ok ? [] : parsed.details.map(({ pointer }) => pointer)).toEqual([
      '/name',
      '/inbox/access_token',
      '/inbox/region',
      '/inbox/base_url',
      '/nam',
    ]);
  });

  it('names the kinds of inbox when the kind is wrong or missing', () => {
    expect(parseBody(operations.createWorkspace.body, { name: 'x', inbox: { kind: 'zendesk' } })).toMatchObject({
      code: 4,
      message: 'inbox.kind must be one of intercom, hubspot.',
    });
    expect(parseBody(operations.createWorkspace.body, { name: 'x', inbox: {} })).toMatchObject({
      code: 1,
      message: 'You must supply inbox.kind in your request payload.',
    });
  });

  it('keeps a null that removes a value and drops a null that has no meaning', () => {
    expect(parseBody(operations.updateWorkspace.body, { default_sender: null, name: null })).toEqual({
      ok: true,
      value: { default_sender: null },
      warnings: [],
    });
  });

  it('fills in the documented defaults', () => {
    expect(parseBody(operations.rotateKey.body, undefined)).toMatchObject({ value: { overlap_seconds: 86_400 } });
    expect(parseQuery(operations.listKeys.query, {})).toMatchObject({ value: { limit: 50 } });
  });

  it('refuses values outside of their limits', () => {
    expect(parseBody(operations.rotateKey.body, { overlap_seconds: 2_592_001 })).toMatchObject({
      code: 4,
      message: 'overlap_seconds must be at most 2592000.',
    });
    expect(parseQuery(operations.listMessages.query, { limit: '0', state: 'lost' })).toMatchObject({
      code: 4,
      details: [{ pointer: '#/query/limit' }, { pointer: '#/query/state' }],
    });
  });

  it('does not repeat a secret in a problem', () => {
    const parsed = parseBody(operations.createChannel.body, {
      workspace_id: 'wsp_1',
      bot_token: 'not-a-token-but-private',
    });
    expect(parsed).toMatchObject({ ok: false, code: 4 });
    expect(JSON.stringify(parsed)).not.toContain('private');
  });
});

describe('the OpenAPI document', () => {
  it('contains every operation with all its error statuses', () => {
    for (const [id, spec] of table) {
      const found = document.paths[spec.path]?.[spec.method.toLowerCase()];
      expect(found?.['operationId']).toBe(id);
      const statuses = Object.keys(found?.['responses'] as object);
      const wanted = [...Object.keys(spec.responses), ...errorsOf(spec).map((name) => String(errorNamed(name).status))];
      expect(statuses.sort(), id).toEqual([...new Set(wanted)].sort());
    }
  });

  it('mentions every error of the catalogue except METHOD_NOT_ALLOWED', () => {
    const mentioned = errorCatalogue
      .filter(({ code, name }) => text.includes(`${code} ${name}`))
      .map(({ name }) => name);
    expect(errorCatalogue.map(({ name }) => name).filter((name) => !mentioned.includes(name))).toEqual([
      'METHOD_NOT_ALLOWED',
    ]);
  });

  it('refers only to schemas that it contains', () => {
    for (const [, name] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) {
      expect(document.components.schemas).toHaveProperty(String(name));
    }
    expect(text).not.toContain('$defs');
  });

  it('marks every secret field', () => {
    expect(secretFieldNames(document)).toEqual([
      'access_token',
      'bot_token',
      'client_secret',
      'code',
      'current_password',
      'developer_api_key',
      'invitation',
      'password',
      'refresh_token',
      'secret',
      'token',
      'uri',
    ]);
  });

  it('forbids unknown fields in requests and allows them in answers', () => {
    expect(document.components.schemas['SendInteractive']?.['additionalProperties']).toBe(false);
    expect(document.components.schemas['Sent']).not.toHaveProperty('additionalProperties');
  });
});
