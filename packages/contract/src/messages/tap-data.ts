import { utf8Length } from '../interactive/text.ts';

/** The maximum size of the data of a button, as JSON in UTF-8, in bytes. */
export const tapDataBytesMax = 4096;

/** Whether there is data at all: JSON has no undefined, and null says nothing. */
export const isPlainData = (data: unknown): boolean => data !== undefined && data !== null;

/** Whether the data of a button is small enough. */
export const fitsData = (data: unknown): boolean => utf8Length(JSON.stringify(data) ?? '') <= tapDataBytesMax;
