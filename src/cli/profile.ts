// The profile: a file in the person's folder of settings that says where pullmedic is deployed and how the person signs in.
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { UsageError } from './usage-error.ts';

/** How the person gets a token: from the Azure CLI, or from PULLMEDIC_TOKEN alone. */
export type SignIn = 'az' | 'token';

export interface Profile {
  /** The address as it is written, and the place where it stands, for sentences. */
  readonly url?: { readonly text: string; readonly at: string };
  readonly signIn: SignIn;
}

/** The profile of the person; without a file it says nothing. Throws {@link UsageError} with every mistake in it. */
export function readProfile(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Profile {
  const path = profilePath(env, platform);
  const text = path === undefined ? undefined : textOf(path);
  return path === undefined || text === undefined ? { signIn: 'az' } : parseProfile(text, path);
}

/**
 * Where the file is: `pullmedic/profile` below XDG_CONFIG_HOME, or below ~/.config (XDG Base Directory Specification 0.8, which has a relative
 * path ignored); on Windows below APPDATA. `undefined` where the environment names no folder of a person.
 */
export function profilePath(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | undefined {
  if (platform === 'win32') return env['APPDATA'] ? join(env['APPDATA'], 'pullmedic', 'profile') : undefined;
  const chosen = env['XDG_CONFIG_HOME'];
  if (chosen !== undefined && isAbsolute(chosen)) return join(chosen, 'pullmedic', 'profile');
  return env['HOME'] ? join(env['HOME'], '.config', 'pullmedic', 'profile') : undefined;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UsageError(`The profile ${path} cannot be read (${String(code)}).`);
  }
}

/** Reads lines `name = value`; `#` begins a comment. `path` names the file in sentences. Throws {@link UsageError} with every mistake. */
export function parseProfile(text: string, path: string): Profile {
  const values = new Map<string, { readonly text: string; readonly at: string }>();
  const mistakes: string[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const at = `${path}, line ${index + 1}`;
    const read = lineIn(line);
    if (read === undefined) continue;
    const mistake =
      'mistake' in read ? read.mistake : values.has(read.name) ? `${read.name} stands there twice` : undefined;
    if (mistake !== undefined) mistakes.push(`${at}: ${mistake}.`);
    else if ('name' in read) values.set(read.name, { text: read.value, at });
  }
  if (mistakes.length > 0) throw new UsageError(mistakes.join(' '));
  const url = values.get('url');
  const signIn = values.get('sign-in')?.text === 'token' ? 'token' : 'az';
  return url === undefined ? { signIn } : { url, signIn };
}

type Line = { readonly name: string; readonly value: string } | { readonly mistake: string };

/** What a line says; `undefined` for an empty one and a comment. No value is repeated in a mistake: it may be a secret. */
function lineIn(line: string): Line | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const [, name = '', value = ''] = /^([^=\s]+)\s*=\s*(.*)$/.exec(text) ?? [];
  if (name === '') return { mistake: 'a line is written as name = value' };
  if (/token|key|secret|password/i.test(name))
    return { mistake: 'a secret does not belong into this file; a token comes from PULLMEDIC_TOKEN' };
  if (name !== 'url' && name !== 'sign-in') return { mistake: 'this is no setting; there are url and sign-in' };
  if (value === '') return { mistake: `${name} has no value` };
  if (name === 'sign-in' && value !== 'az' && value !== 'token') return { mistake: 'sign-in takes az or token' };
  return { name, value };
}
