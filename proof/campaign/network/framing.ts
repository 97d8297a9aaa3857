/** Tells where the first whole message in some bytes ends; null while it is not whole. Both sides of one connection. */
export interface Framing {
  /** `isFirst`: nothing came on this connection before. */
  requestEnd(bytes: Buffer, isFirst: boolean): number | null;
  answerEnd(bytes: Buffer): number | null;
}

const headEnd = Buffer.from('\r\n\r\n');

function httpEnd(bytes: Buffer): number | null {
  const at = bytes.indexOf(headEnd);
  if (at === -1) return null;
  const bodyStart = at + headEnd.length;
  const head = bytes.toString('latin1', 0, at).toLowerCase();
  if (/\r\ntransfer-encoding: *chunked/.test(head)) {
    const last = bytes.indexOf('\r\n0\r\n\r\n', at);
    return last === -1 ? null : last + 7;
  }
  const end = bodyStart + Number(/\r\ncontent-length: *(\d+)/.exec(head)?.[1] ?? 0);
  return bytes.length < end ? null : end;
}

/** HTTP/1.1 without pipelining. */
export const http: Framing = { requestEnd: httpEnd, answerEnd: httpEnd };

const startupHeadBytes = 4;
const typedHeadBytes = 5;

/** PostgreSQL: each message is a letter and a length that counts itself; the first of a connection has no letter. */
function postgresEnd(bytes: Buffer, last: ReadonlySet<string>, start: number): number | null {
  for (let at = start; at + typedHeadBytes <= bytes.length; ) {
    const type = String.fromCharCode(bytes[at] ?? 0);
    const end = at + 1 + bytes.readInt32BE(at + 1);
    if (end > bytes.length) return null;
    if (last.has(type)) return end;
    at = end;
  }
  return null;
}

/** A request ends with Sync, a simple query, a password or the farewell; an answer with ReadyForQuery or a demand for a password. */
const requestLast = new Set(['S', 'Q', 'p', 'X']);
const answerLast = new Set(['Z', 'R']);

export const postgres: Framing = {
  requestEnd(bytes, isFirst) {
    if (!isFirst) return postgresEnd(bytes, requestLast, 0);
    if (bytes.length < startupHeadBytes) return null;
    const end = bytes.readInt32BE(0);
    return bytes.length < end ? null : end;
  },
  answerEnd: (bytes) => postgresEnd(bytes, answerLast, 0),
};
