/** Bounds the files of replies that are in memory at once. An owner has a share, so that its slow files delay no other owner's. */
export interface FileRoom {
  /** Takes room for a file, if there is room now. The result gives it back. May be called again, which changes nothing. */
  tryTake(owner: string, bytes: number): (() => void) | null;
}

export interface FileRoomLimits {
  readonly totalBytes: number;
  readonly ownerBytes: number;
}

/** A file that is larger than a limit is admitted alone. */
export function createFileRoom({ totalBytes, ownerBytes }: FileRoomLimits): FileRoom {
  const owners = new Map<string, number>();
  let total = 0;

  const give = (owner: string, bytes: number): void => {
    total -= bytes;
    const left = (owners.get(owner) ?? 0) - bytes;
    if (left > 0) owners.set(owner, left);
    else owners.delete(owner);
  };

  return {
    tryTake(owner, bytes) {
      const own = owners.get(owner) ?? 0;
      if ((total > 0 && total + bytes > totalBytes) || (own > 0 && own + bytes > ownerBytes)) return null;
      total += bytes;
      owners.set(owner, own + bytes);
      let isTaken = true;
      return () => {
        if (isTaken) give(owner, bytes);
        isTaken = false;
      };
    },
  };
}
