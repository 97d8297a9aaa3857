/** A page for a person who connects an inbox or a bot in a browser: what happened, and what to do next. */
export interface Notice {
  readonly status: 200 | 400 | 403 | 404 | 409 | 410 | 502 | 503;
  /** For clients that ask for JSON. */
  readonly code: string;
  readonly title: string;
  readonly sentences: readonly string[];
}

export const notice = (
  status: Notice['status'],
  code: string,
  title: string,
  ...sentences: readonly string[]
): Notice => ({ status, code, title, sentences });

/** The sentence that says how to begin a new install. */
export const beginAgain = (kind: string, workspaceId: string | null): string =>
  `Begin again: chatferry workspaces connect ${workspaceId === null ? `--kind ${kind}` : `--workspace ${workspaceId}`}`;
