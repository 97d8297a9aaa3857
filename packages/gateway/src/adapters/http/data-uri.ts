/** The bytes that an address carries in itself: https://www.rfc-editor.org/rfc/rfc2397. Null if it is no such address. */
export function bytesInAddress(address: string): Buffer | null {
  if (!/^data:/i.test(address)) return null;
  const comma = address.indexOf(',');
  if (comma < 0) return null;
  const data = address.slice(comma + 1);
  if (/;\s*base64\s*$/i.test(address.slice(Math.max(comma - 32, 0), comma))) {
    return Buffer.from(data.replace(/%([0-9a-f]{2})/gi, decodeByte), 'base64');
  }
  return bytesOf(data);
}

const decodeByte = (_whole: string, digits: string): string => String.fromCharCode(Number.parseInt(digits, 16));

/** Percent-encoded octets; the other characters as UTF-8. */
function bytesOf(data: string): Buffer {
  const pieces = data.split(/((?:%[0-9a-f]{2})+)/i);
  return Buffer.concat(
    pieces.map((piece, index) =>
      index % 2 === 1 ? Buffer.from(piece.replaceAll('%', ''), 'hex') : Buffer.from(piece, 'utf8'),
    ),
  );
}
