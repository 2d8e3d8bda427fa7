// Finds secrets in a text: those that are known by their value, in the forms in which they travel, and those that are known by their look.

/** Each kind that the scanner knows by its look. */
const looks: Readonly<Record<string, RegExp>> = {
  'a signed token': /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/,
  'a bearer token': /\bbearer\s+[\w.~+/-]{12,}/i,
  'a storage account key': /AccountKey=[\w+/=]{8,}/i,
  'a shared access signature': /(?:[?&;]|\b)sig=[\w%+/-]{8,}|SharedAccessSignature/i,
  'a function key': /(?:[?&]code=|x-functions-key["']?\s*[:=]\s*["']?)[\w+/=-]{12,}/i,
  'a registry token': /(?:refresh_token|access_token)["']?\s*[:=]\s*["']?[\w.+/-]{8,}/i,
  'a password': /(?:password2?|pwd)["']?\s*[:=]\s*["'][^"'<\s]{6,}["']/i,
  'an identity header': /x-identity-header["']?\s*[:=]\s*["']?\w{8,}/i,
  claims: /"claims"\s*:|schemas\.xmlsoap\.org|x-ms-client-principal/i,
};

/** Base64 that holds JSON: a principal header does. */
const base64Json = /(?:eyJ|ey[A-Z])[\w+/-]{40,}={0,2}/g;

function holdsClaims(text: string): boolean {
  return [...text.matchAll(base64Json)].some(([found]) => {
    const inside = Buffer.from(found, 'base64').toString('utf8');
    return inside.includes('"claims"') || inside.includes('"val"');
  });
}

/** A value as it is, in a URL, in base64, and in base64 of a queue message around it. */
function forms(value: string): string[] {
  return [value, encodeURIComponent(value), Buffer.from(value).toString('base64').replace(/=+$/, '')];
}

/** What of it is in the text: kinds, never the values themselves. */
export function leaksIn(text: string, known: Readonly<Record<string, string>>): string[] {
  const byValue = Object.entries(known).filter(([, value]) => forms(value).some((form) => text.includes(form)));
  const byLook = Object.entries(looks).filter(([, look]) => look.test(text));
  return [...byValue, ...byLook].map(([kind]) => kind).concat(holdsClaims(text) ? ['a principal header'] : []);
}
