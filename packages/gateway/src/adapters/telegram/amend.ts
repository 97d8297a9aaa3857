import type { Amendment } from '../../core/delivery/amendment.ts';
import type { SendOutcome } from '../../core/delivery/outcome.ts';
import type { Wire } from '../../ports/channel.ts';
import type { UploadMethod } from './choose-upload.ts';
import { isFormatted, unformatted } from './unformatted.ts';
import { asObject } from './untrusted.ts';

type Rejected = Extract<SendOutcome, { readonly kind: 'rejected' }>;

/** Parts that Telegram names when it refuses them, and how a wire shows that it has them. */
const namedParts: readonly {
  readonly amendment: Amendment;
  readonly named: RegExp;
  readonly isIn: (wire: Wire) => boolean;
}[] = [
  {
    // It could not read the entities, or one of them is what it does not take.
    amendment: 'without-formatting',
    named: /can't parse (?:message ?)?entit|\bENTIT(?:Y|IES)_/i,
    isIn: isFormatted,
  },
  {
    // telegram-bot-api Client.cpp, check_message_topic; the capitals come from the data center. The topics of a channel's
    // direct messages cannot be left out: TDLib MessageTopic.cpp.
    amendment: 'without-topic',
    named: /message thread not found|\bTOPIC_(?:DELETED|CLOSED)\b/i,
    isIn: (wire) => wire['message_thread_id'] !== undefined,
  },
  {
    // TDLib ReplyMarkup.cpp, and BUTTON_… of the data center.
    amendment: 'without-buttons',
    named: /keyboard|reply markup|\bBUTTON_|\bREPLY_MARKUP_|(?:requested|used) in private chats only/i,
    isIn: (wire) => wire['reply_markup'] !== undefined,
  },
];

/** Refusals of what was uploaded, or of how. Telegram refuses a body that is too large with 413. */
const refusalCodes: ReadonlySet<number> = new Set([400, 403, 413]);

/**
 * A refusal after which the rest of the message can still be sent: a part that Telegram names can be left out, and where it
 * names none, the file may be refused as what it was sent, or altogether. Every refusal proves that nothing was sent.
 * `method` is null if no file was uploaded. Other outcomes stay as they are.
 */
export function findAmendment(wire: Wire, outcome: SendOutcome, method: UploadMethod | null = null): SendOutcome {
  if (outcome.kind !== 'rejected' || outcome.reason !== 'refused') return outcome;
  const amendment = amendmentFor(wire, outcome, method);
  if (amendment === null) return outcome;
  const { providerCode, detail, why } = outcome;
  const told = why === undefined ? {} : { why };
  return { kind: 'deferred', because: 'amendable', amendment, ...told, providerCode, detail };
}

function amendmentFor(wire: Wire, { providerCode, detail }: Rejected, method: UploadMethod | null): Amendment | null {
  if (providerCode !== null && !refusalCodes.has(providerCode)) return null;
  const part = namedParts.find(({ named, isIn }) => providerCode !== null && named.test(detail) && isIn(wire));
  if (part !== undefined) return part.amendment;
  if (wire['file'] === undefined) return null;
  if (method !== null && method !== 'sendDocument' && providerCode !== 413) return 'as-document';
  return wire['caption'] === undefined ? null : 'without-file';
}

/** The same message, amended. */
export function amend(wire: Wire, amendment: Amendment): Wire {
  switch (amendment) {
    case 'without-formatting':
      return unformatted(wire);
    case 'without-topic':
      return without(wire, 'message_thread_id');
    case 'without-buttons':
      return without(wire, 'reply_markup');
    case 'as-document':
      return { ...wire, file: { ...asObject(wire['file']), as_document: true } };
    case 'without-file': {
      const { file: _file, caption, caption_entities: entities, ...rest } = wire;
      return { ...rest, text: caption, ...(entities === undefined ? {} : { entities }) };
    }
  }
}

const without = (wire: Wire, name: string): Wire =>
  Object.fromEntries(Object.entries(wire).filter(([other]) => other !== name));
