import type { ChannelFacts } from '../../ports/channel-kind.ts';
import type { ChannelAdapter } from '../channel-adapter.ts';
import { amend } from './amend.ts';
import { buttonsAfterTap } from './buttons-after-tap.ts';
import { openChannel } from './channel.ts';
import { decode } from './decode.ts';
import { encode, readdress } from './encode.ts';
import { encodeDeletion, encodeEdit } from './encode-edit.ts';
import { encodeMessage } from './encode-message.ts';
import { encodeReply } from './encode-reply.ts';
import { explainFailure } from './explain-failure.ts';
import { identify } from './identify.ts';
import { fingerprintOfWire, traceOf } from './message-fingerprint.ts';
import { telegramSettings } from './process-settings.ts';
import { isGroup, unknownChat } from './unknown-chat.ts';
import { verify } from './verify.ts';
import { fileOnWire } from './wire-file.ts';

const telegramFacts: ChannelFacts = {
  kind: 'telegram',
  displayName: 'Telegram',
  tokenIssuer: 'BotFather',
  tokenMenu: ['/mybots', 'your bot, API Token'],
  revokeCommand: '/revoke',
  tokenShape: 'digits, a colon, and at least 24 characters',
  updatesKeptFor: '24 hours',
  encode,
  encodeMessage,
  encodeEdit,
  encodeDeletion,
  encodeReply,
  readdress,
  amend,
  attachmentOf: fileOnWire,
  decode,
  buttonsAfterTap,
  traceOf,
  fingerprintOf: fingerprintOfWire,
  identify,
  verify,
  isGroup,
  unknownChat,
  explainFailure,
};

export const telegramAdapter: ChannelAdapter = {
  facts: telegramFacts,
  settings: telegramSettings,
  connect: ({ transport }) => ({ ...telegramFacts, open: (credential) => openChannel(transport, credential) }),
};
