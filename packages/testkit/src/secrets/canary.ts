import { openApiDocument, operations, secretFieldNames } from '@chatferry/contract';
import type pg from 'pg';
import { dumpDatabase } from '../postgres/dump-database.ts';

/** The fields that the contract marks as secret, in requests and in answers. */
const secretNames = new Set(secretFieldNames(openApiDocument(operations, { title: 'Chatferry', version: '0' })));
/** Shorter values may appear somewhere by chance. */
const lengthMin = 16;
/** The code of a second factor has six digits and is valid for a short time only; other fields with this name are not secret. */
secretNames.delete('code');

/**
 * Watches a whole test file for leaked secrets. The value of every field that the contract marks as secret must not appear in a line
 * of the log, in another field of an answer, or in a column of the database.
 */
export interface Canary {
  observe(what: string, request: unknown, answer: unknown): void;
  /** Each leaked secret, with the place where it was found. */
  findings(logLines: readonly string[], pool: pg.Pool | null): Promise<readonly string[]>;
}

export function createCanary(...planted: readonly string[]): Canary {
  const secrets = new Map<string, string>(planted.map((secret) => [secret, 'the rig']));
  const answers: (readonly [string, string])[] = [];

  const rememberSecrets = (what: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      const isSecret = secretNames.has(name) && typeof inner === 'string' && inner.length >= lengthMin;
      if (isSecret) secrets.set(inner, `${name} of ${what}`);
      else rememberSecrets(what, inner);
    }
  };

  return {
    observe(what, request, answer) {
      rememberSecrets(what, request);
      rememberSecrets(what, answer);
      const shown = JSON.stringify(answer, (name, value: unknown) => (secretNames.has(name) ? undefined : value));
      answers.push([what, shown ?? '']);
    },
    async findings(logLines, pool) {
      const places: readonly (readonly [string, string])[] = [
        ...answers.map(([what, text]) => [`the answer of ${what}`, text] as const),
        ...logLines.map((line) => ['the log', line] as const),
        ...(pool === null ? [] : await dumpDatabase(pool)).map((line) => ['the database', line] as const),
      ];
      return places.flatMap(([place, text]) =>
        [...secrets].flatMap(([secret, origin]) =>
          text.includes(secret)
            ? [`${origin} appears in ${place}: ${text.replaceAll(secret, '<here>').slice(0, 300)}`]
            : [],
        ),
      );
    },
  };
}
