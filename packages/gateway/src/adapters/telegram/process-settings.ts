import { optionalSetting, readAddress, requiredSetting } from '../../ports/setting.ts';
import type { ChannelSettings } from '../channel-adapter.ts';

/** The settings of the process for Telegram. */
export const telegramSettings: ChannelSettings = {
  apiRoot: requiredSetting(readAddress, {
    env: 'CHATFERRY_TELEGRAM_API_ROOT',
    description: 'The Bot API server for channels that name none: yours, or a stand-in.',
    example: 'http://127.0.0.1:8081',
    fallback: 'https://api.telegram.org',
  }),
  fileRoot: optionalSetting(readAddress, {
    env: 'CHATFERRY_TELEGRAM_FILE_ROOT',
    description: 'Where files are fetched from, for channels that name none.',
    example: 'http://127.0.0.1:8082',
    without: 'files come from the Bot API server',
  }),
};
