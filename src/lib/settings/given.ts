// Which settings are given and which have their default.

type Environment = Readonly<Record<string, string | undefined>>;

const appSettings = ['PULLMEDIC_MODE', 'PULLMEDIC_CLOUD', 'PULLMEDIC_SCOPES', 'PULLMEDIC_REGISTRIES'] as const;

/**
 * Names of the app settings that are given, and names of the members that `PULLMEDIC_SETTINGS` gives, joined by dots: `limits.grantsPerHour`.
 * A list is one member. Only names: no value is answered.
 */
export function givenBy(env: Environment): readonly string[] {
  const named = appSettings.filter((name) => (env[name]?.trim() ?? '') !== '');
  return [...named, ...membersIn(env['PULLMEDIC_SETTINGS'] ?? '')];
}

function membersIn(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? namesIn(value, '') : [];
  } catch {
    return [];
  }
}

function namesIn(value: Readonly<Record<string, unknown>>, before: string): string[] {
  return Object.entries(value).flatMap(([name, member]) =>
    isRecord(member) ? namesIn(member, `${before}${name}.`) : [`${before}${name}`],
  );
}

/** True of an object with members: no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
