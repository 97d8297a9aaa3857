/** A call that the sandbox refused. The message says what to do. */
export class ControlError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.name = 'ControlError';
    this.status = status;
  }
}

/** The sandbox could not be reached. */
export class ConnectionLost extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super('The sandbox cannot be reached. Is it still running?', { cause });
    this.name = 'ConnectionLost';
  }
}

/**
 * @param {string} path Below `/control`.
 * @returns {Promise<any>}
 */
export const getControl = (path) => call(path, {});

/**
 * @param {string} path Below `/control`.
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
export const postControl = (path, body = {}) => send('POST', path, body);

/**
 * @param {string} path Below `/control`.
 * @param {unknown} body
 * @returns {Promise<any>}
 */
export const patchControl = (path, body) => send('PATCH', path, body);

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 */
const send = (method, path, body) =>
  call(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/**
 * @param {string} path
 * @param {RequestInit} init
 */
async function call(path, init) {
  const response = await fetch(`/control${path}`, { cache: 'no-store', ...init }).catch((cause) => {
    throw new ConnectionLost(cause);
  });
  const body = response.headers.get('content-type')?.includes('json') ? await response.json() : undefined;
  if (!response.ok) throw new ControlError(response.status, body?.error ?? `The sandbox answered ${response.status}.`);
  return body;
}
