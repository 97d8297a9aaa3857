import { openApiDocument, operations, secretFieldNames } from '@chatferry/contract';
import type pg from 'pg';
import { dumpDatabase } from '../postgres/dump-database.ts';

/** What the contract calls a secret, in requests and in answers. */
const secretNames = new Set(secretFieldNames(openApiDocument(operations, { title: 'Chatferry', version: '0' })));
/** Shorter ones may stand somewhere by chance. */
const lengthMin = 16;
/** That of a second factor has six digits and is no secret for long; others are called so that are none. */
secretNames.delete('code');
/** Where a secret stands because that is the way to whom it is for. */
const isMeant = (line: string): boolean => line.includes('installation.unclaimed');

/**
 * Watches a whole test file for secrets that get out: what goes in or is shown once in a field that the contract calls secret must
 * stand in no line of the log, in no other place of an answer, and in no column of the database.
 */
export interface Canary {
  note(what: string, request: unknown, answer: unknown): void;
  /** Each secret that was found, with where. */
  findings(logLines: readonly string[], pool: pg.Pool | null): Promise<readonly string[]>;
}

export function createCanary(...planted: readonly string[]): Canary {
  const secrets = new Map<string, string>(planted.map((secret) => [secret, 'the rig']));
  const answers: (readonly [string, string])[] = [];

  const learn = (what: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      const isSecret = secretNames.has(name) && typeof inner === 'string' && inner.length >= lengthMin;
      if (isSecret) secrets.set(inner, `${name} of ${what}`);
      else learn(what, inner);
    }
  };

  return {
    note(what, request, answer) {
      learn(what, request);
      learn(what, answer);
      const shown = JSON.stringify(answer, (name, value: unknown) => (secretNames.has(name) ? undefined : value));
      answers.push([what, shown ?? '']);
    },
    async findings(logLines, pool) {
      const places: readonly (readonly [string, string])[] = [
        ...answers.map(([what, text]) => [`the answer of ${what}`, text] as const),
        ...logLines.filter((line) => !isMeant(line)).map((line) => ['the log', line] as const),
        ...(pool === null ? [] : await dumpDatabase(pool)).map((line) => ['the database', line] as const),
      ];
      return places.flatMap(([place, text]) =>
        [...secrets].flatMap(([secret, origin]) =>
          text.includes(secret)
            ? [`${origin} stands in ${place}: ${text.replaceAll(secret, '<here>').slice(0, 300)}`]
            : [],
        ),
      );
    },
  };
}
