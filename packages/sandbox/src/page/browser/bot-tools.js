import { element } from './phone/element.js';
import { part } from './view.js';

/** @typedef {{ readonly method: string, readonly status: number, readonly description?: string, readonly parameters: unknown, readonly files: object }} Call */

/** How many calls are shown: the newest, the newest first. */
const shownMax = 50;

/** @param {readonly Call[]} calls */
export function showCalls(calls) {
  const items = calls.slice(-shownMax).reverse().map(callItem);
  part('calls', HTMLElement).replaceChildren(...items);
}

/** @param {Call} call */
function callItem({ method, status, description, parameters, files }) {
  const title = `${method} → ${status}${description === undefined ? '' : ` ${description}`}`;
  const body = Object.keys(files).length === 0 ? { parameters } : { parameters, files };
  return element('li', {}, element('strong', {}, title), element('pre', {}, JSON.stringify(body, null, 1)));
}

/**
 * Calls `rename` with the name that the person typed.
 *
 * @param {(username: string) => void} rename
 */
export function onRename(rename) {
  part('rename', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    rename(part('new-username', HTMLInputElement).value.trim());
  });
}
