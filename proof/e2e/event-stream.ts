import type { Event } from '@chatferry/contract';
import type { Rig } from '@chatferry/testkit/rigs/rig';

/** A client of the stream of events, as small as the one in docs/events.md. */
export interface StreamReader {
  readonly status: number;
  readonly events: readonly Event[];
  /** The last id, with or without data. */
  lastId(): string | null;
  /** Whether the gateway has ended the stream. */
  hasEnded(): boolean;
  close(): void;
}

export async function followEvents(
  rig: Pick<Rig, 'url'>,
  headers: Readonly<Record<string, string>>,
  query = '',
): Promise<StreamReader> {
  const leaving = new AbortController();
  const response = await fetch(`${rig.url}/api/v1/events${query}`, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: leaving.signal,
  });
  const events: Event[] = [];
  let lastId: string | null = null;
  let ended = false;
  const takeBlock = (block: string): void => {
    for (const line of block.split('\n')) {
      if (line.startsWith('id: ')) lastId = line.slice(4);
      if (line.startsWith('data: ')) events.push(JSON.parse(line.slice(6)) as Event);
    }
  };
  const read = async (): Promise<void> => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) takeBlock(block);
    }
  };
  void read()
    .catch(() => undefined)
    .finally(() => {
      ended = true;
    });
  return {
    status: response.status,
    events,
    lastId: () => lastId,
    hasEnded: () => ended,
    close: () => leaving.abort(),
  };
}
