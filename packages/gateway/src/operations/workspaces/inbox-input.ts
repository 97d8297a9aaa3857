import { InboxInput } from '@chatferry/contract';
import { z } from 'zod';

/** An inbox's configuration in two parts: the settings, which may be shown, and the credential, which is sealed. */
export interface SplitInbox {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly credential: Readonly<Record<string, unknown>>;
}

const isSecret = (schema: unknown): boolean =>
  schema instanceof z.ZodOptional
    ? isSecret(schema.unwrap())
    : schema instanceof z.ZodType && schema.meta()?.['secret'] === true;

function shapeOf(kind: InboxInput['kind']): Readonly<Record<string, unknown>> {
  const option = InboxInput.options.find((candidate) => candidate.shape.kind.value === kind);
  if (!option) throw new Error(`the contract has no inbox kind ${kind}`);
  return option.shape;
}

/** The credential gets every field that the contract marks as secret. */
export function splitInbox(input: InboxInput): SplitInbox {
  const shape = shapeOf(input.kind);
  const entries = Object.entries(input).filter(([name]) => name !== 'kind');
  return {
    settings: Object.fromEntries(entries.filter(([name]) => !isSecret(shape[name]))),
    credential: Object.fromEntries(entries.filter(([name]) => isSecret(shape[name]))),
  };
}

/** Joins the two parts again. */
export function joinInbox(kind: InboxInput['kind'], { settings, credential }: SplitInbox): InboxInput {
  return InboxInput.parse({ kind, ...settings, ...credential });
}
