import { Readable } from 'node:stream';
import { originOf } from '../../ports/secret.ts';
import type { HttpStream } from '../http/http-call.ts';
import type { Transport } from '../http/transport.ts';
import { testApiRoot } from './address.ts';
import type { PhonesInProcess } from './phones.ts';

const isTestMode = (url: string): boolean => URL.canParse(url) && new URL(url).origin === originOf(testApiRoot);

/** The same transport. Calls to the address of test mode are answered inside the process. */
export const withTestPhones = (transport: Transport, phones: Pick<PhonesInProcess, 'call' | 'file'>): Transport => ({
  ...transport,
  call: (request) => (isTestMode(request.url) ? phones.call(request) : transport.call(request)),
  stream: async (request) => (isTestMode(request.url) ? streamOf(phones.file(request.url)) : transport.stream(request)),
});

const streamOf = (bytes: Buffer | null): HttpStream => ({
  kind: 'answered',
  status: bytes === null ? 404 : 200,
  headers: { 'content-length': String(bytes?.length ?? 0) },
  body: Readable.from(bytes === null ? [] : [bytes]),
  stopDetail: () => null,
  onBytes: () => undefined,
});
