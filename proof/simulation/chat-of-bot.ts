import type { ChannelRecord } from '@chatferry/gateway/internal/store/channels';

export interface ChatOfBot {
  readonly channel: ChannelRecord;
  readonly chatId: string;
}
