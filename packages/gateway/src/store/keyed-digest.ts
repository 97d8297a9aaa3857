/**
 * Makes every digest of what people wrote that the database holds. Its key is not in the database, so a copy of the database does
 * not allow anyone to guess the words, or to see that erased words were there.
 */
export type KeyedDigest = (text: string) => Buffer;
