/** A file in a form. */
export interface FormFile {
  readonly field: string;
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

export interface Form {
  readonly contentType: string;
  readonly body: Buffer;
}

/**
 * How a server reads the names in a form. RFC 7578 leaves it open. `browsers`: as the HTML standard has it, where a percent
 * sign stands for itself. `percent-decoded`: it undoes backslashes, and then every percent code.
 */
type FormNames = 'browsers' | 'percent-decoded';

/** `multipart/form-data` (RFC 7578) of text fields, and files, which come last. */
export function encodeForm(
  fields: Readonly<Record<string, string>>,
  given: FormFile | readonly FormFile[],
  names: FormNames = 'browsers',
): Form {
  const files: readonly FormFile[] = Array.isArray(given) ? given : [given as FormFile];
  const quoted = quoters[names];
  const contents = files.map(({ content }) => content);
  const boundary = boundaryFor(contents, Object.values(fields));
  const texts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`,
  );
  const headOf = ({ field, name, mediaType }: FormFile): Buffer =>
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(field)}"; filename="${quoted(name)}"\r\ncontent-type: ${mediaType}\r\n\r\n`,
    );
  const end = Buffer.from('\r\n');
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([
      Buffer.from(texts.join('')),
      ...files.flatMap((file) => [headOf(file), file.content, end]),
      Buffer.from(`--${boundary}--\r\n`),
    ]),
  };
}

const boundaryLead = 'chatferry-form-';

/** A boundary that occurs nowhere in the content. Reads the content once, whatever boundaries it pretends to have. */
function boundaryFor(contents: readonly Buffer[], texts: readonly string[]): string {
  const taken = new Set<number>();
  for (const bytes of [...contents, ...texts.map((text) => Buffer.from(text))]) {
    for (let at = bytes.indexOf(boundaryLead); at >= 0; at = bytes.indexOf(boundaryLead, at + boundaryLead.length)) {
      taken.add(numberAt(bytes, at + boundaryLead.length));
    }
  }
  let number = 0;
  while (taken.has(number)) number += 1;
  return `${boundaryLead}${number}_`;
}

/** The number in front of an underscore. A longer number than any file has room to count to is cut off. */
function numberAt(bytes: Buffer, start: number): number {
  const digits = bytes.toString('latin1', start, start + 10);
  return Number.parseInt(digits, 10);
}

/** A quote would end the name, and a line break the header. */
const quotedAsBrowsers = (name: string): string =>
  name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** Percent signs come first: those of the codes that follow must stay. */
const quoters: Readonly<Record<FormNames, (name: string) => string>> = {
  browsers: quotedAsBrowsers,
  'percent-decoded': (name) => quotedAsBrowsers(name.replaceAll('%', '%25').replaceAll('\\', '%5C')),
};
