/** An endpoint, as far as it says which events it wants. */
export interface Listener {
  readonly workspaceId: string;
  readonly types: readonly string[] | null;
  readonly channelIds: readonly string[] | null;
}

/** An event, as far as it says who wants it. */
export interface EventHead {
  readonly id: string;
  readonly type: string;
  readonly workspaceId: string | null;
  readonly channelId: string | null;
}

/** Whether an endpoint wants an event: no event of another workspace, whatever its filters say. */
export function wants({ workspaceId, types, channelIds }: Listener, event: EventHead): boolean {
  return (
    event.workspaceId === workspaceId &&
    (types === null || types.includes(event.type)) &&
    (channelIds === null || (event.channelId !== null && channelIds.includes(event.channelId)))
  );
}

/** The part of a page of the log that is queued for one endpoint now. */
export interface Share<E> {
  readonly events: readonly E[];
  /** Where the endpoint reads on. Null: it stays where it is. */
  readonly cursor: string | null;
  /** Whether it wants more of the page than there is room for. */
  readonly isCut: boolean;
}

/**
 * The events of a page that one endpoint gets, at most `room`, in order. `through`: the end of the page. An endpoint
 * without room stays before the first event that it wants.
 */
export function shareOf<E extends EventHead>(
  listener: Listener,
  page: { readonly events: readonly E[]; readonly through: string | null },
  room: number,
): Share<E> {
  const wanted = page.events.filter((event) => wants(listener, event));
  if (wanted.length <= room) return { events: wanted, cursor: page.through, isCut: false };
  const events = wanted.slice(0, Math.max(room, 0));
  return { events, cursor: events.at(-1)?.id ?? null, isCut: true };
}
