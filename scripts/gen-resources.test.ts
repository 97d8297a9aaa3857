import { operation } from '@chatferry/contract';
import { describe, expect, it } from 'vitest';
import { placeOf, printResources, type ResourceOperation } from './gen-resources.ts';

describe('the place of an operation in the SDK', () => {
  it.each([
    ['sendMessage', '/api/v1/messages', 'messages.send'],
    ['listMessages', '/api/v1/messages', 'messages.list'],
    ['getMessageTimeline', '/api/v1/messages/{message_id}/timeline', 'messages.getTimeline'],
    ['sendTelegramInteractive', '/api/v1/telegram/interactive', 'telegram.sendInteractive'],
    ['createWebhookEndpoint', '/api/v1/webhook-endpoints', 'webhookEndpoints.create'],
    [
      'listWebhookDeliveries',
      '/api/v1/webhook-endpoints/{webhook_endpoint_id}/deliveries',
      'webhookEndpoints.listDeliveries',
    ],
    [
      'rotateWebhookSecret',
      '/api/v1/webhook-endpoints/{webhook_endpoint_id}/rotate-secret',
      'webhookEndpoints.rotateSecret',
    ],
    ['listEvents', '/api/v1/events', 'events.list'],
    ['listChatMessages', '/api/v1/chats/{chat_id}/messages', 'chats.listMessages'],
    ['uploadFile', '/api/v1/files', 'files.upload'],
    ['testTap', '/api/v1/test-mode/chats/{chat_id}/tap', 'testMode.tap'],
    ['createAdminToken', '/api/v1/tokens', 'adminTokens.create'],
    ['updatePerson', '/api/v1/people/{person_id}', 'people.update'],
    ['replayDeadLetters', '/api/v1/dead-letters/replay', 'deadLetters.replayAll'],
    ['getHealth', '/healthz', 'health.get'],
    ['getMe', '/api/v1/me', 'me.get'],
    ['inventThing', '/api/v1/wonders', 'wonders.inventThing'],
  ])('%s at %s is cf.%s', (id, path, wanted) => {
    const { group, verb } = placeOf({ id, path });
    expect(`${group}.${verb}`).toBe(wanted);
  });
});

const resourceOperation = (id: string, facts: Partial<ResourceOperation> = {}): ResourceOperation => ({
  spec: operation({
    id,
    method: 'POST',
    repetition: 'safe',
    path: '/api/v1/files',
    auth: 'key',
    permission: 'send',
    tag: 'Files',
    summary: 'Store a file.',
    description: '',
    responses: { 201: null },
    errors: [],
  }),
  params: [],
  query: [],
  isIdempotent: false,
  fields: undefined,
  areFieldsOptional: true,
  result: undefined,
  isPage: false,
  isUpload: false,
  ...facts,
});

describe('the printer of resources', () => {
  it('refuses two operations with one name, instead of losing one', () => {
    expect(() => printResources([resourceOperation('uploadFile'), resourceOperation('createFile')], [])).toThrow(
      'uploadFile and createFile would both be files.upload',
    );
  });

  it('gives an operation whose body is a file an argument for its bytes', () => {
    const printed = printResources([resourceOperation('uploadFile', { isUpload: true })], []);
    expect(printed).toContain('upload(content: UploadContent, options?: CallOptions): Call<undefined>;');
    expect(printed).toContain('isUpload: true');
  });
});
