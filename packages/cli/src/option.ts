/** The options of a command as data: parsing, help and the types of the values come from it. */

interface Described {
  readonly description: string;
  /** The word for the value in the help. */
  readonly placeholder: string;
}

export interface TextOption extends Described {
  readonly kind: 'text';
  readonly isRequired: boolean;
}
export interface NumberOption extends Described {
  readonly kind: 'number';
}
/** Given as words with commas between them. */
export interface ListOption extends Described {
  readonly kind: 'list';
}
export interface ChoiceOption extends Described {
  readonly kind: 'choice';
  readonly choices: readonly string[];
  readonly isRequired: boolean;
}
export interface FlagOption extends Described {
  readonly kind: 'flag';
}
/** Given as `--name value`, `--name -` (standard input) or `--name-file path`. */
export interface SecretOption extends Described {
  readonly kind: 'secret';
}
export type Option = TextOption | NumberOption | ListOption | ChoiceOption | FlagOption | SecretOption;
export type Options = Readonly<Record<string, Option>>;

/** A secret is read only when the command asks for it, because reading may mean asking the person. */
export interface SecretInput {
  /** The secret, or undefined if the option was not given. Does not ask the person. */
  given(): Promise<string | undefined>;
  /** The secret. If the option was not given, asks the person without echo. Throws `UsageError` if there is no person to ask. */
  required(): Promise<string>;
}

type Presence<O, T> = O extends { readonly isRequired: true } ? T : T | undefined;
export type ValueOf<O extends Option> = O extends { readonly kind: 'flag' }
  ? boolean
  : O extends { readonly kind: 'secret' }
    ? SecretInput
    : O extends { readonly kind: 'number' }
      ? number | undefined
      : O extends { readonly kind: 'list' }
        ? string[] | undefined
        : O extends { readonly kind: 'choice'; readonly choices: readonly (infer C)[] }
          ? Presence<O, C>
          : Presence<O, string>;
export type ValuesOf<O extends Options> = { readonly [Name in keyof O]: ValueOf<O[Name]> };

type Optional<O> = Omit<O, 'isRequired'> & { readonly isRequired: false };
type Required<O> = Omit<O, 'isRequired'> & { readonly isRequired: true };

export const text = (placeholder: string, description: string): Optional<TextOption> => ({
  kind: 'text',
  placeholder,
  description,
  isRequired: false,
});

export const number = (placeholder: string, description: string): NumberOption => ({
  kind: 'number',
  placeholder,
  description,
});

export const list = (placeholder: string, description: string): ListOption => ({
  kind: 'list',
  placeholder,
  description,
});

export const choice = <const C extends readonly string[]>(
  choices: C,
  description: string,
): Optional<ChoiceOption> & { readonly choices: C } => ({
  kind: 'choice',
  placeholder: choices.join('|'),
  choices,
  description,
  isRequired: false,
});

export const flag = (description: string): FlagOption => ({ kind: 'flag', placeholder: '', description });

export const secret = (description: string): SecretOption => ({ kind: 'secret', placeholder: 'VALUE', description });

export const required = <O extends TextOption | ChoiceOption>(option: O): Required<O> => ({
  ...option,
  isRequired: true,
});
