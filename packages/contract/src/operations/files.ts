import { z } from 'zod';
import { Timestamp } from '../field-schemas.ts';
import { idSchema } from '../ids.ts';
import type { ParseResult } from '../json/parse.ts';
import { operation } from '../operation.ts';

/** How long an uploaded file is kept, in hours. */
export const fileKeptHours = 24;
/** Telegram: bots send files of at most 50 MB. https://core.telegram.org/bots/api#sending-files */
export const fileMegabytesMax = 50;

export const File = z
  .strictObject({
    id: idSchema('file'),
    file_name: z.string().nullable(),
    media_type: z.string().nullable().meta({ description: 'What the content is, by its first bytes.' }),
    size_bytes: z.int(),
    expires_at: Timestamp.meta({ description: `Until then it can be sent: ${fileKeptHours} hours after the upload.` }),
  })
  .meta({
    id: 'File',
    examples: [
      {
        id: 'fil_0c9pvp1x8k2m',
        file_name: 'invoice.pdf',
        media_type: 'application/pdf',
        size_bytes: 48213,
        expires_at: '2026-02-01T12:00:00.000Z',
      },
    ],
  });
export type File = z.output<typeof File>;

/** A file while it arrives. */
export interface ArrivingFile {
  readonly name: string | null;
  readonly mediaType: string | null;
  /** Of the request, which may have a form around the file. Null if its head does not say. */
  readonly sizeBytes: number | null;
  readonly content: AsyncIterable<Uint8Array>;
}

/** The content is no JSON, and nothing of it is checked before it is stored. */
const acceptFile = (file: unknown): ParseResult<ArrivingFile> => ({
  ok: true,
  value: file as ArrivingFile,
  warnings: [],
});

const uploadFile = operation({
  id: 'uploadFile',
  method: 'POST',
  repetition: 'safe',
  path: '/api/v1/files',
  auth: 'key',
  permission: 'send',
  tag: 'Messages',
  summary: 'Upload a file to send.',
  description: `The body is the file itself, or a form (multipart/form-data) with one file. At most ${fileMegabytesMax} MB, which must arrive within 30 seconds. The answer’s id goes into \`media.file\` of messages, for ${fileKeptHours} hours and as often as you like. Nothing stays of an upload that breaks off. All files that a workspace has uploaded and that are kept have at most 1024 MB together (the operator can change this with \`CHATFERRY_UPLOADS_MAX_MB\`); each counts as at least 16 KB. What exceeds it is refused with \`UPLOADS_FULL\`, from its Content-Length before the body is read, otherwise as soon as it arrives.`,
  query: z.strictObject({
    file_name: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .meta({ description: 'The name that the customer sees. Absent: the name in the form.' }),
  }),
  upload: true,
  normalise: acceptFile,
  responses: { 201: File },
  errors: ['ARGUMENT_MISSING', 'TYPE_MISMATCH', 'PAYLOAD_TOO_LARGE', 'UPLOADS_FULL'],
});

export const fileOperations = { uploadFile } as const;
