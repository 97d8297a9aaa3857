/** Reads server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) from the body of an answer. */
import { ConnectionError } from './errors.js';

export interface Frame {
  /** The last id that was stated. */
  readonly id: string | undefined;
  /** Undefined for a frame that only states an id. */
  readonly data: string | undefined;
}

/** An event has a few kilobytes. What is longer than this, in characters, is not from the gateway. */
const frameMax = 16 * 1024 * 1024;

/** What was read of an event that is not complete. */
interface Draft {
  id: string | undefined;
  hasNewId: boolean;
  data: string[];
  /** The beginning of a line that is not complete, in pieces. */
  line: string[];
  /** The characters since the last complete event. */
  size: number;
  endsWithReturn: boolean;
}

const readLine = (draft: Draft, line: string): Frame | undefined => {
  if (line === '') {
    const data = draft.data.length === 0 ? undefined : draft.data.join('\n');
    const frame = data === undefined && !draft.hasNewId ? undefined : { id: draft.id, data };
    draft.data = [];
    draft.hasNewId = false;
    draft.size = 0;
    return frame;
  }
  const colon = line.indexOf(':');
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
  if (name === 'data') draft.data.push(value);
  if (name === 'id' && value !== '' && !value.includes('\0')) {
    draft.id = value;
    draft.hasNewId = true;
  }
  return undefined;
};

const readText = (draft: Draft, given: string): readonly Frame[] => {
  if (given === '') return [];
  // A line end of two characters that arrived in two pieces.
  const text = draft.endsWithReturn && given.startsWith('\n') ? given.slice(1) : given;
  draft.endsWithReturn = given.endsWith('\r');
  draft.size += text.length;
  if (draft.size > frameMax)
    throw new ConnectionError('foreign', 'The stream has an event that is too long.', { idempotencyKey: undefined });
  const frames: Frame[] = [];
  let at = 0;
  for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) {
    const frame = readLine(draft, draft.line.join('') + text.slice(at, index));
    draft.line = [];
    at = index + end.length;
    if (frame !== undefined) frames.push(frame);
  }
  draft.line.push(text.slice(at));
  return frames;
};

/** Makes a function that takes text in pieces and returns the events that are complete. Takes time in proportion to the text. */
export const createFrameReader = (): ((text: string) => readonly Frame[]) => {
  const draft: Draft = { id: undefined, hasNewId: false, data: [], line: [], size: 0, endsWithReturn: false };
  return (text) => readText(draft, text);
};

/** The events of a body. `onBytes` is called for everything that arrives, comments included. Ends the transfer when its caller stops. */
export async function* readFrames(body: ReadableStream<Uint8Array>, onBytes: () => void): AsyncGenerator<Frame> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const read = createFrameReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes();
      yield* read(decoder.decode(value, { stream: true }));
    }
  } finally {
    // A body that already failed rejects this too, with the failure that the caller has.
    reader.cancel().catch(() => undefined);
  }
}
