import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addressFieldsOf, type SchemaField, textFieldsOf } from './address-fields.ts';
import { Credential } from './field-schemas.ts';
import { ConnectInbox, InboxInput, inboxSecretNames } from './inbox-kinds.ts';
import type { OperationSpec } from './operation.ts';
import { operations } from './operations/operations.ts';

const specs: readonly OperationSpec[] = Object.values(operations);

/** Fields that look like the address of a server and that the gateway never calls, with the reason. */
const neverCalled: Readonly<Record<string, string>> = {
  'telegram_interactive_message.reply_markup.inline_keyboard.*.*.url': 'the app of the customer opens it',
  'telegram_interactive_message.reply_markup.inline_keyboard.*.*.web_app.url': 'the app of the customer opens it',
  'telegram_interactive_message.reply_markup.inline_keyboard.*.*.login_url.url': 'the app of the customer opens it',
  'telegram_interactive_message.reply_markup.inline_keyboard.*.*.login_url.forward_text': 'a text',
  'telegram_interactive_message.reply_markup.inline_keyboard.*.*.login_url.bot_username': 'the name of a bot',
  'telegram_interactive_message.reply_markup.inline_keyboard.*.*.callback_data': 'a text that comes back with a tap',
  'telegram_interactive_message.reply_markup.keyboard.*.*.web_app.url': 'the app of the customer opens it',
  'media.url': 'a file is fetched there, without a secret and never from a private address',
  'media.*.url': 'a file is fetched there, without a secret and never from a private address',
  'venue.address': 'the address of a house',
  'buttons.*.*.url': 'the app of the customer opens it',
  'buttons.*.*.web_app.url': 'the app of the customer opens it',
  'buttons.*.*.login_url.url': 'the app of the customer opens it',
  'buttons.*.*.login_url.forward_text': 'a text',
  'buttons.*.*.login_url.bot_username': 'the name of a bot',
  'keyboard.keys.*.*.web_app.url': 'the app of the customer opens it',
  'link_preview.url': 'Telegram and the app of the customer open it',
  url: 'the address of the caller’s own backend: events are sent there, signed, and no secret',
  'networks.*': 'compared with the address of the caller',
};

const addressWord =
  /(?:^|[._])(?:url|uri|root|host|hostname|server|address|addr|endpoint|origin|domain|link|href|callback|redirect|webhook|proxy|site|issuer|networks?|ip|port|base|region_url)(?:[._]|$)/i;

/** Whether it takes addresses and nothing else. */
const takesAddresses = ({ schema }: SchemaField): boolean =>
  ['https://canary.example/a-long-path', '203.0.113.7'].some((address) => schema.safeParse(address).success) &&
  !schema.safeParse('no-address-but-one-long-word').success;

const looksLikeAddress = (field: SchemaField): boolean =>
  addressWord.test(field.path.join('.')) || takesAddresses(field) || /ur[il]/i.test(String(field.meta['format'] ?? ''));

/** Parameters whose names or forms look so, and that name nothing on a network. */
const noAddress: ReadonlySet<string> = new Set(['endpoint_id', 'metadata']);

const fieldsOf = (spec: OperationSpec, part: 'body' | 'params' | 'query' | 'headers'): readonly SchemaField[] => {
  const schema = spec[part];
  return schema === undefined ? [] : textFieldsOf(schema);
};

describe('a field of a request that looks like the address of a server', () => {
  it.each(specs.map((spec) => [spec.id, spec] as const))('is decided upon in %s', (_id, spec) => {
    const undecided = fieldsOf(spec, 'body')
      .filter((field) => looksLikeAddress(field) && field.meta['address'] !== true)
      .map(({ path }) => path.join('.'))
      .filter((path) => !(path in neverCalled));
    expect(undecided).toEqual([]);
  });

  it.each(specs.map((spec) => [spec.id, spec] as const))('is never outside the body of %s', (_id, spec) => {
    const outside = (['params', 'query', 'headers'] as const).flatMap((part) => fieldsOf(spec, part));
    const found = outside.filter(looksLikeAddress).map(({ path }) => path.join('.'));
    expect(found.filter((path) => !noAddress.has(path))).toEqual([]);
  });

  it('is found however deep it is', () => {
    const address = z.string().meta({ address: true });
    const schema = z.strictObject({
      a: z.array(z.strictObject({ b: address.optional() })).nullish(),
      c: z.union([z.strictObject({ d: address }), z.record(z.string(), z.strictObject({ e: address }))]),
      f: z.string(),
    });
    expect(addressFieldsOf(schema).map((path) => path.join('.'))).toEqual(['a.*.b', 'c.d', 'c.*.e']);
  });
});

describe('the names of the secrets of an inbox', () => {
  it('are those of the fields that the requests mark as secret', () => {
    const marked = [InboxInput, ConnectInbox]
      .flatMap((schema) => textFieldsOf(schema))
      .filter(({ meta }) => meta['secret'] === true)
      .map(({ path }) => path.join('.'));
    expect([...new Set(marked)].sort()).toEqual([...inboxSecretNames].sort());
    expect(Credential.meta()).toMatchObject({ secret: true });
  });
});
