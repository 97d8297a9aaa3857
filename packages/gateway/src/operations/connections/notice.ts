/** What a person who connects something reads in the browser: what happened, and what to do next. */
export interface Notice {
  readonly status: 200 | 400 | 403 | 404 | 409 | 410 | 502 | 503;
  /** For those who read JSON. */
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

/** How an install is begun again. */
export const beginAgain = (kind: string, workspaceId: string | null): string =>
  `Begin again: chatferry workspaces connect ${workspaceId === null ? `--kind ${kind}` : `--workspace ${workspaceId}`}`;
