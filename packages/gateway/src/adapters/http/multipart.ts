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

/** `multipart/form-data` (RFC 7578) of text fields and one file, which comes last. */
export function encodeForm(fields: Readonly<Record<string, string>>, file: FormFile): Form {
  const boundary = boundaryFor(file.content, Object.values(fields));
  const texts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`,
  );
  const head = [
    ...texts,
    `--${boundary}\r\n`,
    `content-disposition: form-data; name="${quoted(file.field)}"; filename="${quoted(file.name)}"\r\n`,
    `content-type: ${file.mediaType}\r\n\r\n`,
  ];
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([Buffer.from(head.join('')), file.content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

/** A boundary that occurs nowhere in the content. */
function boundaryFor(content: Buffer, texts: readonly string[]): string {
  for (let number = 0; ; number += 1) {
    const boundary = `chatferry-form-${number}`;
    if (!content.includes(boundary) && texts.every((text) => !text.includes(boundary))) return boundary;
  }
}

/** As browsers do: RFC 7578 leaves it open, and a line break would end the header. */
const quoted = (name: string): string => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
