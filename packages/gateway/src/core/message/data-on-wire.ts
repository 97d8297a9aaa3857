import { callbackDataBytesMax, utf8Length } from '@chatferry/contract';

/** The data of a button as its `callback_data`. Null if it does not fit there as it is: Telegram takes 1 to 64 bytes of text. */
export const dataOnWire = (data: unknown): string | null =>
  typeof data === 'string' && data !== '' && utf8Length(data) <= callbackDataBytesMax ? data : null;
