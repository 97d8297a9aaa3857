import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventStream } from '../operations/events/stream-events.ts';
import type { Clock } from '../ports/clock.ts';

/** How long a client may take none of what is ready for it. */
const stalledMs = 30_000;
/** How many bytes wait for a client, beside one piece and what the connection holds. */
const bufferBytes = 64 * 1024;

export const wantsEventStream = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && headers.accept?.toLowerCase().includes('text/event-stream') === true;

/** Answers with the stream. A client that takes nothing for half a minute is disconnected; what it missed is still in the log. */
export function sendEventStream(reply: FastifyReply, stream: EventStream, clock: Clock): Readable {
  void reply.headers({
    'content-type': 'text/event-stream; charset=utf-8',
    // For nginx, which would hold it back.
    'x-accel-buffering': 'no',
    // An idle connection after the end of the stream would keep a server open that closes.
    connection: 'close',
  });
  return bodyOf(stream, clock);
}

/** Reads the pieces only as fast as the body is read. */
function bodyOf({ chunks, end }: EventStream, clock: Clock): Readable {
  let stopWatch: AbortController | null = null;
  let isReading = false;
  const watch = (): void => {
    const stop = new AbortController();
    stopWatch = stop;
    void clock.sleep(stalledMs, stop.signal).then(() => {
      if (!stop.signal.aborted) body.destroy();
    });
  };
  const readNext = async (): Promise<void> => {
    isReading = true;
    try {
      const { done, value } = await chunks.next();
      isReading = false;
      if (done === true) end();
      if (!body.push(done === true ? null : value) && done !== true && !body.destroyed) watch();
    } catch (error) {
      body.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const body = new Readable({
    highWaterMark: bufferBytes,
    read() {
      stopWatch?.abort();
      if (!isReading) void readNext();
    },
    destroy(error, callback) {
      stopWatch?.abort();
      end();
      callback(error);
    },
  });
  return body;
}
