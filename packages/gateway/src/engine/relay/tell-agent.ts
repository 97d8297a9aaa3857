import type { Amended } from '../../core/delivery/amendment.ts';
import type { Omission } from '../../core/inbox/omission.ts';
import type { Wire } from '../../ports/channel.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';

type Facts = Pick<ChannelKind, 'attachmentOf' | 'explainFailure' | 'displayName'>;

/** The text of the note about what of a reply the customer did not get. Null if there is nothing to tell. */
export function noteText(remark: string | null, omitted: readonly Omission[]): string | null {
  const lines = remark === null ? [] : [remark];
  if (omitted.length > 0) lines.push(`Not sent to the customer: ${listOf(omitted)}.`);
  return lines.length === 0 ? null : lines.join('\n');
}

/** Each with its reason. */
export const listOf = (omitted: readonly Omission[]): string =>
  omitted.map(({ what, why }) => `${what}: ${why}`).join('; ');

/** What a message lost when it was amended. `isGroup`: others than the customer see where it was written. */
export const lostBy = (facts: Facts, wire: Wire, amended: readonly Amended[], isGroup: boolean): readonly Omission[] =>
  amended.flatMap((one) => lossOf(facts, wire, one, isGroup) ?? []);

function lossOf(facts: Facts, wire: Wire, { amendment, reason }: Amended, isGroup: boolean): Omission | null {
  const why = facts.explainFailure({ name: 'TELEGRAM_REJECTED', reason, providerCode: 400 });
  switch (amendment) {
    case 'without-formatting':
      return { what: 'the formatting', why };
    case 'without-buttons':
      return { what: 'the buttons', why };
    case 'without-topic':
      return isGroup
        ? { what: 'the topic', why: `it is gone or closed (${reason}), so the reply went to the chat itself` }
        : null;
    case 'without-file':
      return omittedFile(facts, wire, { name: 'TELEGRAM_REJECTED', reason });
    case 'as-document':
      return null;
  }
}

/** The file of a message as an omission. */
export function omittedFile(
  facts: Facts,
  wire: Wire,
  failure: { readonly name: string; readonly reason: string; readonly providerCode?: number },
): Omission {
  const name = facts.attachmentOf(wire)?.name ?? null;
  const what = name === null ? 'the file' : `the file “${name}”`;
  // The gateway's own sentences begin with the file.
  const isOwn = failure.reason.startsWith(`${what} `);
  return {
    what,
    why: isOwn
      ? `it ${failure.reason.slice(what.length + 1)}`
      : facts.explainFailure({ providerCode: 400, ...failure }),
  };
}
