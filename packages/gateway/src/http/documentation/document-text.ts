import { contractVersion, openApiDocument, operations } from '@chatferry/contract';

/** Prints the OpenAPI document of a gateway at this address. The rest of it is printed once. */
export function createDocumentText(): (base: string) => string {
  let around: { readonly before: string; readonly after: string } | null = null;
  return (base) => {
    around ??= printAround();
    return `${around.before}${JSON.stringify([{ url: base }])}${around.after}`;
  };
}

function printAround() {
  const document = openApiDocument(operations, { title: 'Chatferry', version: contractVersion });
  const { openapi, info, servers: _, ...rest } = document;
  return {
    before: `{"openapi":${JSON.stringify(openapi)},"info":${JSON.stringify(info)},"servers":`,
    after: `,${JSON.stringify(rest).slice(1)}`,
  };
}
