/** Telegram: bots upload files of up to 50 MB to the cloud. https://core.telegram.org/bots/api#sending-files */
export const uploadMaxBytes = 50 * 1024 * 1024;
