/** The command for a send, in lines that a shell takes as they are: what JSON and people write is quoted, and never wrapped. */
export function curlCommand(baseUrl: string, key: string, body: object): readonly string[] {
  return [
    `curl -sS ${baseUrl}/api/v1/telegram/interactive \\`,
    `  -H ${quoted(`X-Octopods-Auth: ${key}`)} -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(JSON.stringify(body))}`,
  ];
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
