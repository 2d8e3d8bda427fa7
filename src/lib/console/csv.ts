// Writes rows as comma-separated values (RFC 4180) that a spreadsheet shows as text: no value begins a formula.

/** The table with its header line; lines end with CR LF. */
export function csv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/**
 * A spreadsheet takes a value that begins with one of these signs, also in their full width, for a formula, so an apostrophe stands before it. Source: OWASP, "CSV
 * Injection". All values are in quotes, so that a separator or a line break in one stays in it.
 */
function field(value: string): string {
  const safe = /^[\s]*[=+\-@\t\r|%＝＋－＠]/.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}
