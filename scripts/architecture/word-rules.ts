import { isTestFile } from './architecture-rules.ts';
import type { ScannedSource } from './scan-source.ts';

interface WordRule {
  readonly words: RegExp;
  /** From the root of the repository; the rule holds in files that begin like this. */
  readonly within: readonly string[];
  readonly except: readonly string[];
  readonly because: string;
  /** Strings may have the words. */
  readonly isForCode?: true;
}

const src = 'packages/gateway/src';
const inside = ['core', 'engine', 'store', 'journal', 'ports', 'receive', 'observe'].map(
  (folder) => `${src}/${folder}/`,
);

/** Names that only a provider's API has. Our own columns (`chat_id`, `message_id`) are not among them; see the rule below. */
const providerFields = [
  // Telegram
  ...['reply_markup', 'inline_keyboard', 'callback_data', 'callback_query', 'switch_inline_query\\w*', 'force_reply'],
  ...['remove_keyboard', 'resize_keyboard', 'one_time_keyboard', 'input_field_placeholder', 'request_contact'],
  ...[
    'request_location',
    'update_id',
    'message_thread_id',
    'reply_to_message\\w*',
    'via_bot',
    'file_id',
    'phone_number',
  ],
  ...['first_name', 'last_name', 'retry_after', 'migrate_to_chat_id', 'secret_token', 'allowed_updates', 'parse_mode'],
  // Intercom
  ...['skip_notifications', 'admin_id', 'part_type', 'conversation_parts', 'message_type'],
  // HubSpot
  ...['senderActorId', 'integrationThreadId', 'integrationIdempotencyId', 'channelAccountId', 'deliveryIdentifier\\w*'],
  ...['refresh_token', 'expires_in'],
];

const rules: readonly WordRule[] = [
  {
    words: new RegExp(`(?<![\\w$])(?:${providerFields.join('|')})(?![\\w$])`, 'g'),
    within: inside,
    except: [],
    because: 'a provider’s field name stays in its adapter and the contract',
  },
  {
    words: /(?<![\w$])(?:chat_id|message_id)(?![\w$])/g,
    // The store has columns of these names, and reads rows by them.
    within: inside.filter((folder) => folder !== `${src}/store/`),
    except: [],
    because: 'a provider’s field name stays in its adapter and the contract',
  },
  {
    words: /\bprocess\s*\.\s*env\b/g,
    within: ['packages/'],
    except: [`${src}/main.ts`, 'packages/cli/src/main.ts'],
    because: 'the environment is read where the process begins',
  },
  {
    words:
      /\b(?:Date\s*\.\s*now|Math\s*\.\s*random|performance\s*\.\s*now|setTimeout|setInterval)\b|\bnew\s+Date\s*\(\s*\)/g,
    within: ['packages/'],
    except: [
      `${src}/process/system-clock.ts`,
      'packages/cli/src/main.ts',
      'packages/sandbox/src/clock.ts',
      // The default where none is passed in.
      'packages/sandbox/src/sandbox.ts',
      // Runs on its own, in the caller's process.
      'packages/sdk/src/runtime.ts',
      // In the browser.
      'packages/sandbox/src/page/browser/',
    ],
    because: 'time and chance are passed in',
  },
  {
    // A `fetch` that is passed in is a member: `client.fetch`, `fetch: createFetch(…)`.
    words: /(?<![\w$.])(?:fetch\b(?!\s*\??:)|globalThis\b|WebSocket\b|EventSource\b|XMLHttpRequest\b)/g,
    within: [`${src}/`],
    except: [],
    because: 'only the transport makes outgoing calls',
    isForCode: true,
  },
  {
    // The functions of Node that open a file for writing. As methods of a file that is open they are allowed.
    words:
      /(?<![.\w$])(?:writeFile|appendFile|copyFile|createWriteStream|openSync|writeFileSync|appendFileSync|copyFileSync|cp|cpSync)(?![\w$])|\bimport\s*\{[^}]*\bopen\b[^}]*\}|\bimport\s*(?:\*\s*as\s+)?fs\w*\b/g,
    within: [`${src}/`],
    except: [`${src}/data-folder/`],
    because: 'only data-folder creates files, so that no file that is there already is written to',
  },
];

/** Finds words in places where they are forbidden. Comments and tests may contain them, strings may not. */
export const findForbiddenWords = (file: string, { code, strings }: ScannedSource): readonly string[] => {
  if (isTestFile(file)) return [];
  const text = `${code}\n${strings.join('\n')}`;
  const textOf = ({ isForCode }: WordRule): string => (isForCode === true ? code : text);
  return rules
    .filter(({ within }) => within.some((start) => file.startsWith(start)))
    .filter(({ except }) => !except.some((start) => file.startsWith(start)))
    .flatMap((rule) =>
      [...new Set(textOf(rule).match(rule.words) ?? [])].map((word) => `${file}: ${word}: ${rule.because}`),
    );
};
