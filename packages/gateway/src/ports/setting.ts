import { z } from 'zod';
import { Secret } from './secret.ts';

/** One setting of the process. The reference (docs/configuration.md) and the checks are made from these facts. */
export interface SettingFacts {
  readonly env: string;
  readonly description: string;
  readonly example: string;
  /** As it would be written in the environment; null if the setting has no default. */
  readonly fallback: string | null;
  /** What happens when it is not set, where there is no default. */
  readonly without?: string;
  /** Never printed; may also be given as a file, with `_FILE` added to the name. */
  readonly secret: boolean;
}

/** A setting and how its text is read. */
export interface Setting<T> extends SettingFacts {
  /** The value, or the sentence that says what it must be. */
  read(text: string): { readonly value: T } | { readonly problem: string };
}

/** A setting with a default. */
export type RequiredSetting<T> = Setting<T> & { readonly fallback: string };
/** A setting that is null when it is not set. */
export type OptionalSetting<T> = Setting<T> & { readonly fallback: null };

/** The values of a group of settings, under the same names. */
export type SettingValues<S> = {
  readonly [K in keyof S]: S[K] extends RequiredSetting<infer T>
    ? T
    : S[K] extends OptionalSetting<infer T>
      ? T | null
      : never;
};

type Facts = Omit<SettingFacts, 'secret' | 'fallback'>;

export const requiredSetting = <T>(
  read: Setting<T>['read'],
  facts: Facts & { readonly fallback: string },
): RequiredSetting<T> => ({ ...facts, secret: false, read });

export const optionalSetting = <T>(
  read: Setting<T>['read'],
  facts: Facts & { readonly without: string },
): OptionalSetting<T> => ({ ...facts, fallback: null, secret: false, read });

/** A secret has no default. */
export const secretSetting = (
  read: Setting<Secret>['read'],
  facts: Facts & { readonly without: string },
): OptionalSetting<Secret> => ({ ...facts, fallback: null, secret: true, read });

/** A secret that a provider issued: any visible characters. */
export const providerSecretSetting = (
  facts: Omit<Facts, 'example'> & { readonly without: string },
): OptionalSetting<Secret> =>
  secretSetting(readSecret('must be visible characters without a space', /^[\x21-\x7e]{1,4000}$/), {
    ...facts,
    example: 'paste-it-here',
  });

export const readWith =
  <T>(schema: z.ZodType<T>, problem: string): Setting<T>['read'] =>
  (text) => {
    const parsed = schema.safeParse(text);
    return parsed.success ? { value: parsed.data } : { problem };
  };

export const readText = (problem: string, pattern: RegExp = /\S/): Setting<string>['read'] =>
  readWith(z.string().regex(pattern), problem);

export const readSecret = (problem: string, pattern: RegExp): Setting<Secret>['read'] =>
  readWith(
    z
      .string()
      .regex(pattern)
      .transform((value) => new Secret(value)),
    problem,
  );

/** An http or https address, without the slash at its end. */
export const readAddress: Setting<string>['read'] = readWith(
  z
    .string()
    .regex(/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/)
    .refine((url) => URL.canParse(url))
    .transform((url) => url.replace(/(?<!\/)\/+$/, '')),
  'must be an http or https address without a user or a query',
);
