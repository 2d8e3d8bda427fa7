// A user name and a password that stand before a host. People paste them into image references, and an incident must not repeat them.

/** The text with `[secret]` for each user name and password before a host. A digest, which follows an `@` too, stays. */
export function withoutUserinfo(text: string): string {
  return text.replace(afterScheme, '://[secret]@').replace(beforeHost, '$1[secret]@');
}

/** The same for every text within a value that becomes JSON, whatever its shape. The names of its members stay. */
export function withoutUserinfoIn(value: unknown): unknown {
  if (typeof value === 'string') return withoutUserinfo(value);
  if (Array.isArray(value)) return value.map(withoutUserinfoIn);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutUserinfoIn(one)]));
}

const afterScheme = /:\/\/[^\s"']{1,300}@(?!sha(?:256|384|512):)/g;
const beforeHost =
  /(^|[\s"'“(])[^\s"'“@/:]{1,100}:(?!\/\/)[^\s"'@]{1,200}@(?=[\w-]{1,63}(?:(?:\.[\w-]{1,63}){1,10}|:\d{1,5}(?=\/))[/:]?)/g;
