import { connect } from 'node:net';

/** Writes bytes to a new connection, and reads until the gateway ends it. */
export function exchange(url: string, bytes: string, ending: 'half-close' | 'stay'): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true }, () => {
      if (ending === 'half-close') socket.end(bytes);
      else socket.write(bytes);
    });
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.on('end', () => {
      socket.destroy();
      resolve(answer);
    });
    socket.on('error', reject);
  });
}
